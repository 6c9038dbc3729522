"""The Studio in a browser. Run by script/test-studio.

    python test_studio.py STARLING CHROMIUM [--pictures | TEST…]
"""

import sys
import unittest

import studio

studio.PROGRAM, studio.CHROMIUM = sys.argv[1], sys.argv[2]
del sys.argv[1:3]
if "--pictures" in sys.argv:
    sys.argv.remove("--pictures")
    from studio_pictures import Pictures
else:
    from studio_access import Access
    from studio_errors import Errors
    from studio_speaking import Languages, Speaking
    from studio_voices import ReadsAloud, Voices

if __name__ == "__main__":
    unittest.main(verbosity=2)
