// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "agent_client/http_transport.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace ostler::daemon {

/// One registration with a server, as the state directory keeps it from before `connect` until
/// after `disconnect`.
struct SessionRecord {
  std::string key;       ///< ours: names the file
  std::string agent_id;  ///< the server's
  std::string name;
  Secret token;
  std::string endpoint;
  std::map<std::string, std::string> request_headers;
  int slot = 1;  ///< from 1
  std::chrono::seconds ping_interval{1};
  std::chrono::seconds job_status_interval{1};
  std::chrono::seconds heartbeat_interval{60};
  std::chrono::seconds lease{150};
  bool waits = false;  ///< the server holds pings open
  /// That it was offered, has, or still reports on; empty: none. Stored apart, for it changes with
  /// every job.
  std::string job;

  agent_client::Peer peer() const { return {endpoint, token, request_headers}; }
};

/// All but its job.
std::string encode(const SessionRecord& record);
/// Errors: Corrupt; Conflict when it was written by a newer major version.
Result<SessionRecord> decode_session_record(std::string_view json);

/// What shipping a job's reports needs, kept from accept until the finish is acknowledged. Never
/// the job's environment.
struct JobRecord {
  std::string job;
  std::string build;    ///< empty: unknown
  std::string session;  ///< key of its session
  Secret token;         ///< the job's, else the session's
  std::string endpoint;
  std::map<std::string, std::string> request_headers;
  std::uint64_t chunk_size = 0;
  std::chrono::seconds chunk_interval{1};
  bool waits = false;          ///< the server holds questions for the job's state open
  bool gives_plugins = false;  ///< the server has archives of step plugins
  bool takes_events = false;   ///< it wants to know what steps come to
  std::string services{};      ///< what it keeps for step plugins, as it says it: "state"
  std::int64_t started_at_micros = 0;

  agent_client::Peer peer() const { return {endpoint, token, request_headers}; }
};

std::string encode(const JobRecord& record);
/// Errors: as decode_session_record.
Result<JobRecord> decode_job_record(std::string_view json);

}  // namespace ostler::daemon
