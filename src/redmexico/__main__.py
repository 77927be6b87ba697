"""`python -m redmexico`"""

from redmexico.cli import main

raise SystemExit(main())
