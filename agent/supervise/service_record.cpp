// SPDX-License-Identifier: Apache-2.0
#include "supervise/service_record.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace ostler::supervise {
namespace {

constexpr std::size_t kLongestServiceName = 32;
constexpr std::size_t kServiceDigits = 8;

constexpr std::array<std::string_view, 8> kPhases = {"waiting", "running", "restarting", "stopping",
                                                     "stopped", "ended",   "failed",     "lost"};
constexpr std::array<std::string_view, 3> kHealths = {"unknown", "healthy", "unhealthy"};
constexpr std::array<std::string_view, 3> kRestarts = {"never", "on-failure", "always"};
constexpr std::array<std::string_view, 3> kProbes = {"none", "tcp", "http"};

template <class Enum, std::size_t Count>
std::string_view word_of(Enum value, const std::array<std::string_view, Count>& words) {
  return words[static_cast<std::size_t>(value)];
}

/// Takes the values of a record's keys; a wrong one is remembered.
class FieldTaker {
 public:
  explicit FieldTaker(std::string_view text) : fields_(decode_fields(text)) {}

  void text(std::string_view key, std::string& into) const {
    if (const std::string* value = find(key)) into = *value;
  }
  void texts(std::string_view key, std::vector<std::string>& into) const {
    for (const auto& [name, value] : fields_) {
      if (name == key) into.push_back(value);
    }
  }
  template <class Number>
  void number(std::string_view key, Number& into) {
    const std::string* value = find(key);
    if (value == nullptr) return;
    const char* const end = value->data() + value->size();
    const auto [at, ec] = std::from_chars(value->data(), end, into);
    if (ec != std::errc() || at != end) wrong_ = key;
  }
  void time(std::string_view key, Timestamp& into) { number(key, into.micros); }
  void flag(std::string_view key, bool& into) const {
    if (const std::string* value = find(key)) into = *value == "1";
  }
  template <class Enum, std::size_t Count>
  void word(std::string_view key, Enum& into, const std::array<std::string_view, Count>& words) {
    const std::string* value = find(key);
    if (value == nullptr) return;
    const auto* const found = std::ranges::find(words, *value);
    if (found == words.end()) return void(wrong_ = key);
    into = static_cast<Enum>(found - words.begin());
  }
  Result<void> check(std::string_view what) const {
    if (wrong_.empty()) return success();
    return Error(Errc::Corrupt, std::string(what) + ": no value of " + std::string(wrong_));
  }

 private:
  const std::string* find(std::string_view key) const {
    const auto found = std::ranges::find(fields_, key, &Fields::value_type::first);
    return found == fields_.end() ? nullptr : &found->second;
  }

  Fields fields_;
  std::string_view wrong_;
};

std::string number_text(std::int64_t number) { return std::to_string(number); }

}  // namespace

bool is_service_name(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !name.empty() && name.size() <= kLongestServiceName && name.front() >= 'a' &&
         name.front() <= 'z' && std::ranges::all_of(name, fits);
}

bool is_service_id(std::string_view id) {
  const std::size_t dot = id.find('.');
  if (dot == id.npos || !is_service_name(id.substr(0, dot))) return false;
  const std::string_view digits = id.substr(dot + 1);
  return digits.size() == kServiceDigits &&
         digits.find_first_not_of("0123456789abcdef") == digits.npos;
}

bool is_over(ServicePhase phase) {
  return phase == ServicePhase::Stopped || phase == ServicePhase::Ended ||
         phase == ServicePhase::Failed || phase == ServicePhase::Lost;
}

std::string_view to_string(ServicePhase phase) { return word_of(phase, kPhases); }
std::string_view to_string(ServiceHealth health) { return word_of(health, kHealths); }
std::string_view to_string(ServiceRestart restart) { return word_of(restart, kRestarts); }
std::string_view to_string(ServiceProbe probe) { return word_of(probe, kProbes); }

Result<void> check_service_probe(const ServiceSpec& spec) {
  if (spec.probe == ServiceProbe::None) return success();
  if (spec.probe == ServiceProbe::Tcp && spec.takes_listener) {
    return Error(
        Errc::UserFault,
        "a service with a listener cannot be probed by tcp, for the host keeps the listener "
        "open: give the path of an HTTP request");
  }
  if (spec.probe_interval.count() > 0 && spec.probe_threshold > 0) return success();
  return Error(Errc::UserFault, "the interval and the threshold of a probe are more than 0");
}

std::string encode(const ServiceSpec& spec, WithEnvironment environment) {
  Fields fields = {{"id", spec.id},
                   {"name", spec.name},
                   {"scope", spec.scope},
                   {"plugin", spec.plugin},
                   {"job", spec.job},
                   {"directory", spec.directory},
                   {"socket", spec.socket},
                   {"takes_listener", spec.takes_listener ? "1" : "0"},
                   {"address", spec.address},
                   {"probe", std::string(to_string(spec.probe))},
                   {"probe_path", spec.probe_path},
                   {"probe_interval_ms", number_text(spec.probe_interval.count())},
                   {"probe_threshold", number_text(spec.probe_threshold)},
                   {"restart", std::string(to_string(spec.restart))},
                   {"asked_at_us", number_text(spec.asked_at.micros)}};
  for (const std::string& argument : spec.arguments) fields.emplace_back("argument", argument);
  if (environment == WithEnvironment::Yes) {
    for (const std::string& entry : spec.environment) fields.emplace_back("environment", entry);
  }
  return encode_fields(fields);
}

std::string encode(const ServiceState& state) {
  return encode_fields({{"phase", std::string(to_string(state.phase))},
                        {"health", std::string(to_string(state.health))},
                        {"promoted", state.is_promoted ? "1" : "0"},
                        {"pid", number_text(state.pid)},
                        {"address", state.address},
                        {"restarts", number_text(state.restarts)},
                        {"evidence", state.evidence},
                        {"since_us", number_text(state.since.micros)},
                        {"promoted_at_us", number_text(state.promoted_at.micros)},
                        {"boot_id", state.boot_id}});
}

Result<ServiceSpec> decode_service_spec(std::string_view text) {
  FieldTaker take(text);
  ServiceSpec spec;
  std::int64_t interval = spec.probe_interval.count();
  take.text("id", spec.id);
  take.text("name", spec.name);
  take.text("scope", spec.scope);
  take.text("plugin", spec.plugin);
  take.text("job", spec.job);
  take.text("directory", spec.directory);
  take.text("socket", spec.socket);
  take.flag("takes_listener", spec.takes_listener);
  take.text("address", spec.address);
  take.word("probe", spec.probe, kProbes);
  take.text("probe_path", spec.probe_path);
  take.number("probe_interval_ms", interval);
  take.number("probe_threshold", spec.probe_threshold);
  take.word("restart", spec.restart, kRestarts);
  take.time("asked_at_us", spec.asked_at);
  take.texts("argument", spec.arguments);
  take.texts("environment", spec.environment);
  OSTLER_TRY(take.check("the record of a service"));
  spec.probe_interval = std::chrono::milliseconds(interval);
  const bool is_probed = spec.probe != ServiceProbe::None;
  if (is_probed && (interval <= 0 || spec.probe_threshold == 0)) {
    return Error(Errc::Corrupt, "the record of a service: a probe without interval or threshold");
  }
  return spec;
}

Result<ServiceState> decode_service_state(std::string_view text) {
  FieldTaker take(text);
  ServiceState state;
  take.word("phase", state.phase, kPhases);
  take.word("health", state.health, kHealths);
  take.flag("promoted", state.is_promoted);
  take.number("pid", state.pid);
  take.text("address", state.address);
  take.number("restarts", state.restarts);
  take.text("evidence", state.evidence);
  take.time("since_us", state.since);
  take.time("promoted_at_us", state.promoted_at);
  take.text("boot_id", state.boot_id);
  OSTLER_TRY(take.check("the state of a service"));
  return state;
}

}  // namespace ostler::supervise
