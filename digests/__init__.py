"""What do we say unasked? Every digest, in the order in which they are offered."""

from digests.digest import Digest

DIGESTS: tuple[Digest, ...] = ()
BY_ID = {digest.id: digest for digest in DIGESTS}
