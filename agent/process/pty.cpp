// SPDX-License-Identifier: Apache-2.0
#include "process/pty.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <cstdlib>

namespace ostler::process {

Result<Pty> open_pty(int rows, int columns) {
  Pty pty;
  pty.controller.reset(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
  if (!pty.controller) return Error::from_errno(errno, "open a pseudo terminal");
  const int controller = pty.controller.get();
  if (::unlockpt(controller) != 0) return Error::from_errno(errno, "unlock a pseudo terminal");
  // By descriptor, not by path: /dev/pts may be another one here.
  pty.terminal.reset(::ioctl(controller, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!pty.terminal) return Error::from_errno(errno, "open the other end of a pseudo terminal");
  winsize size{};
  size.ws_row = static_cast<unsigned short>(rows);
  size.ws_col = static_cast<unsigned short>(columns);
  if (::ioctl(controller, TIOCSWINSZ, &size) != 0) {
    return Error::from_errno(errno, "set the size of a pseudo terminal");
  }
  return pty;
}

}  // namespace ostler::process
