import Commands
import Glibc

exit(await VirtCloud.program.main())
