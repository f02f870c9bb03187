// SPDX-License-Identifier: Apache-2.0
#include "process/pipe.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace ostler::process {

Result<Pipe> make_pipe(Ours ours) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return Error::from_errno(errno, "make a pipe");
  const bool reads = ours == Ours::Reads;
  Pipe pipe{UniqueFd(ends[reads ? 0 : 1]), UniqueFd(ends[reads ? 1 : 0])};
  ::fcntl(pipe.ours.get(), F_SETFL, O_NONBLOCK);
  return pipe;
}

}  // namespace ostler::process
