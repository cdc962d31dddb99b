"""`python -m zaitaku_demand`."""

from zaitaku_demand.cli import main

main()
