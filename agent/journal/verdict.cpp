// SPDX-License-Identifier: Apache-2.0
#include "journal/verdict.hpp"

#include <array>

#include "base/byte_codec.hpp"

namespace ostler::journal {
namespace {

constexpr std::array<std::string_view, 13> kNames = {
    "exited",         "signalled",     "cancelled",     "timed_out",   "agent_stopped",
    "lease_lost",     "out_of_memory", "disk_full",     "worker_lost", "keeper_lost",
    "host_restarted", "setup_failed",  "plugin_crashed"};

}  // namespace

std::string_view to_string(Cause cause) { return kNames.at(static_cast<std::size_t>(cause)); }

std::optional<Cause> cause_of(std::uint16_t number) {
  if (number >= kNames.size()) return std::nullopt;
  return static_cast<Cause>(number);
}

std::string encode(const Verdict& verdict) {
  ByteWriter bytes;
  bytes.put(static_cast<std::uint16_t>(verdict.cause));
  bytes.put(std::int32_t{verdict.exit_status});
  bytes.put(std::int32_t{verdict.signal});
  bytes.put(std::string_view(verdict.evidence).substr(0, kMaxEvidence));
  return std::move(bytes).take();
}

Result<Verdict> decode_verdict(std::string_view payload) {
  Verdict verdict;
  std::uint16_t number = 0;
  std::int32_t exit_status = 0;
  std::int32_t signal = 0;
  ByteReader reader(payload);
  reader.get(number);
  reader.get(exit_status);
  reader.get(signal);
  reader.get(verdict.evidence);
  const auto cause = cause_of(number);
  if (!reader.ok() || !cause) {
    return Error(Errc::Corrupt, "the payload of the verdict record is damaged");
  }
  verdict.cause = *cause;
  verdict.exit_status = exit_status;
  verdict.signal = signal;
  return verdict;
}

}  // namespace ostler::journal
