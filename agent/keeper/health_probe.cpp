// SPDX-License-Identifier: Apache-2.0
#include "keeper/health_probe.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "supervise/service_address.hpp"

namespace ostler::keeper {
namespace {

using supervise::ServiceHealth;
using supervise::ServiceProbe;

constexpr std::chrono::seconds kAnswerTime{5};
constexpr std::string_view kBeforeStatus = "HTTP/1.x ";

/// Of the begin of an answer such as "HTTP/1.1 200 OK".
bool says_well(std::string_view answer) {
  const char first = answer[kBeforeStatus.size()];
  return answer.starts_with("HTTP/1.") && (first == '2' || first == '3');
}

}  // namespace

HealthProbe::HealthProbe(const supervise::ServiceSpec& spec)
    : kind_(spec.probe),
      path_(spec.probe_path),
      interval_(spec.probe_interval),
      threshold_(spec.probe_threshold) {}

void HealthProbe::begin(const std::string& address, BootTime now) {
  end();
  address_ = address;
  if (kind_ != ServiceProbe::None) due_ = now;
}

void HealthProbe::end() {
  socket_.reset();
  due_.reset();
  failures_ = 0;
  health_ = ServiceHealth::Unknown;
}

void HealthProbe::watch(std::vector<pollfd>& fds) const {
  if (!socket_) return;
  fds.push_back({socket_.get(), static_cast<short>(asked_ ? POLLIN : POLLOUT), 0});
}

void HealthProbe::serve(const std::vector<pollfd>& fds, BootTime now) {
  const bool is_ready = socket_ && std::ranges::any_of(fds, [this](const pollfd& entry) {
                          return entry.fd == socket_.get() && entry.revents != 0;
                        });
  if (is_ready) go_on(now);
}

void HealthProbe::advance(BootTime now) {
  if (!due_ || now < *due_) return;
  if (socket_) return conclude(false, now);
  ask(now);
}

std::optional<BootTime> HealthProbe::next() const { return due_; }

void HealthProbe::ask(BootTime now) {
  asked_ = false;
  answer_.clear();
  const auto address = supervise::parse_service_address(address_);
  if (!address) return conclude(false, now);
  const auto& [raw, size] = address.value();
  socket_.reset(::socket(raw.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket_) return conclude(false, now);
  due_ = now + kAnswerTime;
  const int status = ::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&raw), size);
  if (status == 0) return go_on(now);
  if (errno != EINPROGRESS) conclude(false, now);
}

bool HealthProbe::is_connected() const {
  int fault = 0;
  socklen_t size = sizeof fault;
  return ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &fault, &size) == 0 && fault == 0;
}

void HealthProbe::go_on(BootTime now) {
  if (asked_) return read_answer(now);
  const bool is_there = is_connected();
  if (!is_there || kind_ == ServiceProbe::Tcp) return conclude(is_there, now);
  send_request();
}

/// So few bytes fit into a socket that nothing was sent to before; if not, no answer comes.
void HealthProbe::send_request() {
  asked_ = true;
  const bool is_unix = address_.starts_with("unix:");
  const std::string request = "GET " + path_ +
                              " HTTP/1.1\r\nHost: " + (is_unix ? "localhost" : address_) +
                              "\r\nUser-Agent: ostler\r\nConnection: close\r\n\r\n";
  (void)::send(socket_.get(), request.data(), request.size(), MSG_NOSIGNAL);
}

void HealthProbe::read_answer(BootTime now) {
  std::array<char, 64> piece{};
  const ssize_t got = ::recv(socket_.get(), piece.data(), piece.size(), 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) return conclude(false, now);
  answer_.append(piece.data(), static_cast<std::size_t>(got));
  if (answer_.size() > kBeforeStatus.size()) conclude(says_well(answer_), now);
}

void HealthProbe::conclude(bool answers, BootTime now) {
  socket_.reset();
  due_ = now + interval_;
  failures_ = answers ? 0 : failures_ + 1;
  if (answers) health_ = ServiceHealth::Healthy;
  if (failures_ >= threshold_) health_ = ServiceHealth::Unhealthy;
}

}  // namespace ostler::keeper
