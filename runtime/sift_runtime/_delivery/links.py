"""The link as one sender uses it: not after it has been stopped."""

from __future__ import annotations

from dataclasses import dataclass

from sift_runtime._delivery.attention import Attention
from sift_runtime._delivery.condition import Condition
from sift_runtime._link import Link, LinkHolder

__all__ = ["Links"]


@dataclass(frozen=True, slots=True)
class Links:
    """Gives out the link that senders share."""

    holder: LinkHolder
    attention: Attention
    condition: Condition

    def current(self) -> Link:
        """Return the link; raises StoppedError once the sender is to end.

        Asked when there is a link: whoever stops the sender closes that, and so ends what is begun on it after this.
        """
        renewals = self.attention.renewals  # before: what an older one says is no verdict on a newer
        link = self.holder.current()
        self.attention.require_going()
        self.condition.asked_on = renewals
        return link
