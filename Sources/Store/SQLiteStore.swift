import CSQLite
import Quantities
