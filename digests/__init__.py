"""What do we say unasked? Every digest, in the order in which they are offered."""

from digests import bottleneck, personal, stabilization, stalled, weekly
from digests.digest import Digest

DIGESTS: tuple[Digest, ...] = (bottleneck.DIGEST, stalled.DIGEST, stabilization.DIGEST, weekly.DIGEST, personal.DIGEST)
BY_ID = {digest.id: digest for digest in DIGESTS}
