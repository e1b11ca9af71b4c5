"""sift.users.v2.UserService: the users that the receiver was told of."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sift_receiver._paging import Listing, PageRequest
from sift_receiver._rpc import Handler, unary_handler
from sift_runtime.messages import users_pb2 as users

__all__ = ["USER_SERVICE", "user_handlers"]

USER_SERVICE = "sift.users.v2.UserService"

_USERS: Listing[users.User, users.User] = Listing(
    frozenset({"user_id", "name"}),
    lambda user: {"user_id": user.user_id, "name": user.user_name},
    lambda user: user,
    lambda user: user.user_id,
    whole=True,
)


def user_handlers(names: Sequence[str]) -> dict[str, Handler]:
    """Serve users of these names; one has the same id in every receiver."""
    known = [users.User(user_id=str(uuid.uuid5(uuid.NAMESPACE_URL, f"user:{name}")), user_name=name) for name in names]

    def list_active(request: users.ListActiveUsersRequest) -> users.ListActiveUsersResponse:
        query = PageRequest(request.page_size, request.page_token, request.filter, request.order_by)
        page = _USERS.page(known, query)
        return users.ListActiveUsersResponse(users=page.messages, next_page_token=page.next_token)

    return {"ListActiveUsers": unary_handler(users.ListActiveUsersRequest, list_active)}
