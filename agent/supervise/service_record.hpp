// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "supervise/fields.hpp"

namespace ostler::supervise {

enum class ServiceProbe : std::uint8_t { None, Tcp, Http };
enum class ServiceRestart : std::uint8_t { Never, OnFailure, Always };

/// What a service is: a process that outlives the job which started it. One of a name can run
/// beside another of that name until it is promoted.
struct ServiceSpec {
  std::string id;      ///< "web.3f2a91c0": of this one; see is_service_id
  std::string name;    ///< "web"
  std::string scope;   ///< whose names are meant: "acme/shop", organization and pipeline
  std::string plugin;  ///< that asked for it: "deploy#1.0.0"
  std::string job;
  std::vector<std::string> arguments;    ///< the program first
  std::vector<std::string> environment;  ///< "NAME=value"; never in a file
  std::string directory;                 ///< where it runs; stays for the next one of the name
  std::string socket;                    ///< where its keeper listens
  bool takes_listener = false;           ///< it is handed a listening socket
  std::string address;                   ///< "127.0.0.1:8080", or "unix:name" in its directory
  ServiceProbe probe = ServiceProbe::None;
  std::string probe_path;  ///< of an HTTP request
  std::chrono::milliseconds probe_interval{1000};
  std::uint32_t probe_threshold = 3;  ///< failures in a row that make it unhealthy
  ServiceRestart restart = ServiceRestart::OnFailure;
  Timestamp asked_at;
};

enum class ServicePhase : std::uint8_t {
  Waiting,     ///< for its listener
  Running,     ///< its process lives
  Restarting,  ///< its process ended, the next one is due soon
  Stopping,    ///< it was told to end
  Stopped,     ///< somebody ended it
  Ended,       ///< its process ended, and no other follows
  Failed,      ///< it could not be started, or ended too often
  Lost,        ///< its keeper died
};
enum class ServiceHealth : std::uint8_t { Unknown, Healthy, Unhealthy };

/// How a service fares; its keeper alone writes it, and who takes the lock after the keeper.
struct ServiceState {
  ServicePhase phase = ServicePhase::Waiting;
  ServiceHealth health = ServiceHealth::Unknown;
  bool is_promoted = false;  ///< it is the one of its name
  pid_t pid = -1;            ///< of its process; for people
  std::string address;       ///< where it can be reached
  std::uint32_t restarts = 0;
  std::string evidence;  ///< the last end, or fault
  Timestamp since;       ///< of the phase
  Timestamp promoted_at;
  std::string boot_id;
};

/// A name of [a-z][a-z0-9-]*, at most 32 bytes.
bool is_service_name(std::string_view name);
/// A name, a dot and eight hexadecimal digits.
bool is_service_id(std::string_view id);
bool is_over(ServicePhase phase);

std::string_view to_string(ServicePhase phase);
std::string_view to_string(ServiceHealth health);
std::string_view to_string(ServiceRestart restart);
std::string_view to_string(ServiceProbe probe);

/// Errors: UserFault where its health cannot be probed as it says, such as by connections to a
/// listener: they are made whether a process takes them or not.
Result<void> check_service_probe(const ServiceSpec& spec);

enum class WithEnvironment { No, Yes };
std::string encode(const ServiceSpec& spec, WithEnvironment environment);
std::string encode(const ServiceState& state);
/// Errors: Corrupt; what cannot be told is not guessed.
Result<ServiceSpec> decode_service_spec(std::string_view text);
Result<ServiceState> decode_service_state(std::string_view text);

}  // namespace ostler::supervise
