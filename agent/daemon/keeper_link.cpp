// SPDX-License-Identifier: Apache-2.0
#include "daemon/keeper_link.hpp"

#include "diag/log.hpp"
#include "files/file_lock.hpp"
#include "process/async_wait.hpp"
#include "supervise/channel.hpp"
#include "supervise/codec.hpp"

namespace ostler::daemon {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr auto kWelcomeTime = 10s;
constexpr auto kExitTime = 5s;
constexpr int kAgentSocket = 3;  ///< where a keeper finds the agent that started it
constexpr int kJobLock = 4;      ///< where it finds its job's lock, held from its first instruction

process::SpawnOptions spawn_options(const KeeperPlace& place, int socket, int lock) {
  process::SpawnOptions options;
  options.executable = place.program.string();
  options.arguments = {"ostler",    "keeper",
                       "--job-dir", place.job_directory.string(),
                       "--socket",  place.socket.string(),
                       "--epoch",   std::to_string(place.epoch)};
  if (!place.groups.empty()) {
    options.arguments.insert(options.arguments.end(), {"--groups", place.groups.string()});
  }
  options.directory = "/";
  options.fds = {{socket, kAgentSocket}, {lock, kJobLock}};
  options.group = process::Group::NewSession;
  return options;
}

}  // namespace

Result<std::unique_ptr<KeeperLink>> KeeperLink::start(asio::any_io_executor strand,
                                                      const KeeperPlace& place) {
  OSTLER_TRY(auto pair, supervise::make_socket_pair());
  OSTLER_TRY(const auto lock, files::FileLock::try_acquire(place.job_directory / "lock"));
  OSTLER_TRY(auto child, process::spawn(spawn_options(place, pair.second.get(), lock.fd())));
  OSTLER_TRY(auto channel,
             supervise::AsyncChannel::adopt(std::move(strand), std::move(pair.first)));
  return std::unique_ptr<KeeperLink>(
      new KeeperLink(std::move(channel), place.epoch, std::move(child)));
}

Result<std::unique_ptr<KeeperLink>> KeeperLink::join(asio::any_io_executor strand,
                                                     const KeeperPlace& place) {
  OSTLER_TRY(auto socket, supervise::connect_to(place.socket));
  if (!supervise::is_peer_trusted(socket.get())) {
    return Error(Errc::Denied, place.socket.string() + " belongs to another user");
  }
  OSTLER_TRY(auto channel, supervise::AsyncChannel::adopt(std::move(strand), std::move(socket)));
  return std::unique_ptr<KeeperLink>(new KeeperLink(std::move(channel), place.epoch, std::nullopt));
}

KeeperLink::KeeperLink(supervise::AsyncChannel channel, std::uint64_t epoch,
                       std::optional<process::Child> child)
    : channel_(std::move(channel)), epoch_(epoch), child_(std::move(child)) {}

asio::awaitable<Result<supervise::Welcome>> KeeperLink::greet() {
  supervise::Hello hello;
  hello.epoch = epoch_;
  OSTLER_CO_TRY(co_await channel_.send(hello));
  OSTLER_CO_TRY(const auto frame, co_await channel_.receive(kWelcomeTime));
  if (frame.type == supervise::MessageType::Refused) {
    OSTLER_CO_TRY(const auto refused, supervise::decode<supervise::Refused>(frame));
    co_return Error(Errc::Conflict, "the job's keeper refuses this agent: " + refused.reason);
  }
  if (frame.type == supervise::MessageType::Failed) {
    OSTLER_CO_TRY(const auto failed, supervise::decode<supervise::Failed>(frame));
    co_return Error(Errc::Unavailable, "the job's keeper cannot work: " + failed.reason);
  }
  co_return supervise::decode<supervise::Welcome>(frame);
}

asio::awaitable<KeeperEnd> KeeperLink::listen(Listener& listener,
                                              std::chrono::steady_clock::duration patience) {
  for (;;) {
    auto frame = co_await channel_.receive(patience);
    if (!frame) {
      if (frame.error().code() == Errc::Protocol) {
        diag::error("a keeper sends what is no message", {{"error", frame.error().message()}});
      }
      co_return KeeperEnd::Broken;
    }
    const auto end = co_await take(frame.value(), listener);
    if (end) co_return *end;
  }
}

asio::awaitable<std::optional<KeeperEnd>> KeeperLink::take(supervise::Frame frame,
                                                           Listener& listener) {
  using supervise::MessageType;
  switch (frame.type) {
    case MessageType::Wake: listener.on_wake(); break;
    case MessageType::Done: co_return KeeperEnd::Done;
    case MessageType::ApiRequest: {
      auto request = supervise::decode<supervise::ApiRequest>(frame);
      if (!request) co_return KeeperEnd::Broken;
      listener.on_api_request(std::move(request).value());
      break;
    }
    case MessageType::Failed: {
      const auto failed = supervise::decode<supervise::Failed>(frame);
      diag::error("a keeper cannot do its work",
                  {{"reason", failed ? failed.value().reason : "it did not say why"}});
      co_return KeeperEnd::Failed;
    }
    case MessageType::Refused: co_return KeeperEnd::Broken;
    default: break;  // of a later minor version
  }
  co_return std::nullopt;
}

asio::awaitable<void> KeeperLink::reap() {
  if (!child_) co_return;
  const auto status = co_await process::async_wait(*child_, kExitTime);
  if (!status) {
    diag::warn("a keeper did not end, it is killed", {{"pid", std::to_string(child_->pid())}});
  }
  child_.reset();
}

}  // namespace ostler::daemon
