// SPDX-License-Identifier: Apache-2.0
#include "daemon/records.hpp"

#include <nlohmann/json.hpp>

#include "daemon/state_format.hpp"

namespace ostler::daemon {
namespace {

using nlohmann::json;
using std::chrono::seconds;

/// Reads the fields of a record; nlohmann throws when one is missing or of another type.
template <class Record, class Read>
Result<Record> decode(std::string_view text, const char* what, Read read) {
  const json object = json::parse(text, nullptr, false);
  OSTLER_TRY(check_format(object, what));
  try {
    return read(object);
  } catch (const json::exception& failure) {
    return Error(Errc::Corrupt, std::string(what) + ": " + failure.what());
  }
}

SessionRecord read_session(const json& object) {
  SessionRecord record;
  object.at("key").get_to(record.key);
  object.at("agent_id").get_to(record.agent_id);
  object.at("name").get_to(record.name);
  record.token = Secret(object.at("token").get<std::string>());
  object.at("endpoint").get_to(record.endpoint);
  object.at("request_headers").get_to(record.request_headers);
  object.at("slot").get_to(record.slot);
  record.ping_interval = seconds(object.at("ping_interval_s").get<std::int64_t>());
  record.job_status_interval = seconds(object.at("job_status_interval_s").get<std::int64_t>());
  record.heartbeat_interval = seconds(object.at("heartbeat_interval_s").get<std::int64_t>());
  record.lease = seconds(object.at("lease_s").get<std::int64_t>());
  object.at("waits").get_to(record.waits);
  return record;
}

JobRecord read_job(const json& object) {
  JobRecord record;
  object.at("job").get_to(record.job);
  object.at("build").get_to(record.build);
  object.at("session").get_to(record.session);
  record.token = Secret(object.at("token").get<std::string>());
  object.at("endpoint").get_to(record.endpoint);
  object.at("request_headers").get_to(record.request_headers);
  object.at("chunk_size_bytes").get_to(record.chunk_size);
  record.chunk_interval = seconds(object.at("chunk_interval_s").get<std::int64_t>());
  object.at("waits").get_to(record.waits);
  record.gives_plugins = object.value("gives_plugins", false);  // unknown to earlier agents
  record.services = object.value("services", "");               // the same
  record.takes_events = object.value("takes_events", false);    // the same
  object.at("started_at_us").get_to(record.started_at_micros);
  return record;
}

std::string dump(const json& object) {
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string encode(const SessionRecord& record) {
  return dump({{"format", our_format()},
               {"key", record.key},
               {"agent_id", record.agent_id},
               {"name", record.name},
               {"token", record.token.reveal()},
               {"endpoint", record.endpoint},
               {"request_headers", record.request_headers},
               {"slot", record.slot},
               {"ping_interval_s", record.ping_interval.count()},
               {"job_status_interval_s", record.job_status_interval.count()},
               {"heartbeat_interval_s", record.heartbeat_interval.count()},
               {"lease_s", record.lease.count()},
               {"waits", record.waits}});
}

Result<SessionRecord> decode_session_record(std::string_view text) {
  return decode<SessionRecord>(text, "session record", read_session);
}

std::string encode(const JobRecord& record) {
  return dump({{"format", our_format()},
               {"job", record.job},
               {"build", record.build},
               {"session", record.session},
               {"token", record.token.reveal()},
               {"endpoint", record.endpoint},
               {"request_headers", record.request_headers},
               {"chunk_size_bytes", record.chunk_size},
               {"chunk_interval_s", record.chunk_interval.count()},
               {"waits", record.waits},
               {"gives_plugins", record.gives_plugins},
               {"services", record.services},
               {"takes_events", record.takes_events},
               {"started_at_us", record.started_at_micros}});
}

Result<JobRecord> decode_job_record(std::string_view text) {
  return decode<JobRecord>(text, "job record", read_job);
}

}  // namespace ostler::daemon
