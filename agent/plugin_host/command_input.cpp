// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/command_input.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace ostler::plugin_host {

namespace asio = boost::asio;

struct CommandInput::Pipe {
  Pipe(const asio::any_io_executor& executor, int descriptor) : writable(executor, descriptor) {}
  asio::posix::stream_descriptor writable;
};

CommandInput::CommandInput(const asio::any_io_executor& executor, UniqueFd writable,
                           net::TaskGroup& tasks)
    : pipe_(std::make_unique<Pipe>(executor, writable.release())), tasks_(tasks) {}
CommandInput::~CommandInput() = default;

void CommandInput::write(std::string bytes, CallDone done) {
  if (!pipe_->writable.is_open()) {
    return done(Error(Errc::Conflict, "the input of the command was closed"));
  }
  if (is_busy_) return done(Error(Errc::Conflict, "the command is being written to already"));
  is_busy_ = true;
  tasks_.spawn(carry(shared_from_this(), std::move(bytes), std::move(done)));
}

asio::awaitable<void> CommandInput::carry(std::shared_ptr<CommandInput> self, std::string bytes,
                                          CallDone done) {
  const auto [error, size] = co_await asio::async_write(self->pipe_->writable, asio::buffer(bytes),
                                                        asio::as_tuple(asio::use_awaitable));
  self->is_busy_ = false;
  if (!error) co_return done(std::string());
  done(Error(Errc::Conflict, "the command reads no more; " + std::to_string(size) + " of " +
                                 std::to_string(bytes.size()) + " bytes went to it"));
}

void CommandInput::break_off() { pipe_->writable.cancel(); }

void CommandInput::close() {
  boost::system::error_code ignored;
  pipe_->writable.close(ignored);
}

}  // namespace ostler::plugin_host
