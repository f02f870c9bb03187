// SPDX-License-Identifier: Apache-2.0
#include "supervise/service_directory.hpp"

#include <algorithm>

#include "files/file.hpp"
#include "files/file_lock.hpp"
#include "journal/segment.hpp"
#include "supervise/lost_service.hpp"

namespace ostler::supervise {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestServiceRecord = 1u << 20;
constexpr std::size_t kLongestServiceLog = 16u << 20;

Result<void> tell_lost(ServiceState& state) {
  OSTLER_TRY(const Uuid boot_id, journal::current_boot_id());
  const bool has_restarted = !state.boot_id.empty() && state.boot_id != boot_id.str();
  state.phase = ServicePhase::Lost;
  state.health = ServiceHealth::Unknown;
  state.pid = -1;
  state.evidence = has_restarted ? "the machine restarted" : "its keeper died";
  return success();
}

/// A keeper that has written none yet waits, or has died so early.
Result<ServiceState> state_in(const fs::path& directory, const ServiceSpec& spec) {
  const auto text = files::read_file(directory / "state", kLongestServiceRecord);
  if (text) return decode_service_state(text.value());
  if (text.error().code() != Errc::NotFound) return text.error();
  ServiceState none;
  none.since = spec.asked_at;
  return none;
}

/// As too many open files: it says nothing of the record.
bool is_of_reading(Errc code) {
  return code != Errc::NotFound && code != Errc::Corrupt && code != Errc::UserFault;
}

std::string log_file(const fs::path& path) {
  auto text = files::read_file(path, kLongestServiceLog);
  return text ? std::move(text).value() : std::string();
}

}  // namespace

Result<Service> find_service(const fs::path& root, const std::string& id) {
  if (!is_service_id(id)) return Error(Errc::NotFound, "no service has the id " + id);
  const fs::path directory = root / id;
  // In this order: a keeper writes the one while it has the lock, and its last state before it
  // ends.
  OSTLER_TRY(const auto spec, files::read_file(directory / "spec", kLongestServiceRecord));
  Service service;
  OSTLER_TRY(service.is_kept, files::FileLock::is_held(directory / "lock"));
  OSTLER_TRY(service.spec, decode_service_spec(spec));
  OSTLER_TRY(service.state, state_in(directory, service.spec));
  if (service.spec.id != id) return Error(Errc::Corrupt, directory.string() + " is of another");
  service.is_newly_lost = !service.is_kept && !is_over(service.state.phase);
  if (service.is_newly_lost) {
    OSTLER_TRY(tell_lost(service.state));
  }
  return service;
}

Result<std::vector<Service>> list_services(const fs::path& root) {
  std::vector<Service> services;
  std::error_code ec;
  for (fs::directory_iterator at(root, ec), end; !ec && at != end; at.increment(ec)) {
    auto service = find_service(root, at->path().filename().string());
    if (!service && is_of_reading(service.error().code())) return service.error();
    if (service) services.push_back(std::move(service).value());
  }
  if (ec && ec != std::errc::no_such_file_or_directory) {
    return Error::from_errno(ec.value(), "read " + root.string());
  }
  std::ranges::sort(services, {}, [](const Service& one) { return one.spec.asked_at; });
  return services;
}

std::string read_service_log(const fs::path& root, const std::string& id, std::size_t limit) {
  std::string text = log_file(root / id / "log");
  if (text.size() < limit) text.insert(0, log_file(root / id / "log.1"));
  if (text.size() > limit) text.erase(0, text.size() - limit);
  return text;
}

Result<void> conclude_lost_service(const fs::path& root, const Service& service) {
  const fs::path directory = root / service.spec.id;
  OSTLER_TRY(const auto held, files::FileLock::try_acquire(directory / "lock"));
  ServiceState state = service.state;
  if (!end_lost_service(directory, service.spec)) {
    state.evidence += "; a process of it could not be killed";
  }
  return files::write_file_atomically(directory / "state", encode(state));
}

}  // namespace ostler::supervise
