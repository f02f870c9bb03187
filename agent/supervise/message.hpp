// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "journal/record.hpp"
#include "journal/verdict.hpp"

// What agent, keeper and worker say to each other. docs/keeper-protocol.md has the order of
// messages and the frames byte by byte; supervise/codec.hpp turns a message into a frame.
namespace ostler::supervise {

inline constexpr std::uint16_t kProtocolMajor = 1;
inline constexpr std::uint16_t kProtocolMinor = 1;
/// The longest payload of a frame.
inline constexpr std::uint32_t kMaxFrame = 16u << 20;
/// The longest Output a worker sends: the keeper's buffer stays small.
inline constexpr std::size_t kMaxOutput = 16u * 1024;

/// The numbers are the protocol's.
enum class MessageType : std::uint16_t {
  // agent to keeper
  Hello = 1,
  Job = 2,  // also keeper to worker
  Abandon = 3,
  Cancel = 4,  // also keeper to worker
  Lease = 5,
  Notify = 6,
  ApiReply = 7,  // also keeper to worker
  // keeper to agent
  Welcome = 16,
  Refused = 17,
  Wake = 18,
  ApiRequest = 19,  // also worker to keeper
  Done = 20,
  Failed = 21,
  // keeper to worker
  Kill = 32,
  StartedAck = 33,
  // worker to keeper
  Output = 48,
  PhaseBegin = 49,
  PhaseEnd = 50,
  Started = 51,
  Event = 52,
  Artifact = 53,
  Report = 54,
};

/// First message of an agent on a connection. `epoch` is the one in the agent's state lock.
struct Hello {
  static constexpr auto kType = MessageType::Hello;
  std::uint16_t major = kProtocolMajor;
  std::uint16_t minor = kProtocolMinor;
  std::uint64_t epoch = 0;
  static void fields(auto& self, auto& visit) { visit(self.major, self.minor, self.epoch); }
};

/// The job document, as JSON (supervise/job_document.hpp). The keeper hands it to the worker as it
/// is. Once per keeper.
struct Job {
  static constexpr auto kType = MessageType::Job;
  std::string document;
  static void fields(auto& self, auto& visit) { visit(self.document); }
};

/// The job was not accepted after all: keeper, worker and journal go away. Only before Job.
struct Abandon {
  static constexpr auto kType = MessageType::Abandon;
  static void fields(auto&, auto&) {}
};

enum class CancelReason : std::uint8_t {
  UserCancel = 1,
  Timeout = 2,
  LeaseLost = 3,
  AgentStop = 4
};

/// Ends the job: the worker sends the job's cancel signal; after `signal_timeout_ms` everything is
/// killed. The first Cancel decides the reason; a later one can only shorten the time.
struct Cancel {
  static constexpr auto kType = MessageType::Cancel;
  CancelReason reason = CancelReason::UserCancel;
  std::uint32_t signal_timeout_ms = 10'000;
  std::uint32_t cleanup_timeout_ms = 5'000;
  static void fields(auto& self, auto& visit) {
    visit(self.reason, self.signal_timeout_ms, self.cleanup_timeout_ms);
  }
};

/// The right to run the job until a time; replaces the lease before it.
struct Lease {
  static constexpr auto kType = MessageType::Lease;
  std::int64_t until_ns = 0;  ///< of CLOCK_BOOTTIME
  journal::OnLeaseLost on_lost = journal::OnLeaseLost::Finish;
  std::uint32_t signal_timeout_ms = 10'000;  ///< of the cancel that follows with Stop
  static void fields(auto& self, auto& visit) {
    visit(self.until_ns, self.on_lost, self.signal_timeout_ms);
  }
};

/// Asks for one Wake, as soon as the journal holds more than `records` records.
struct Notify {
  static constexpr auto kType = MessageType::Notify;
  std::uint64_t records = 0;
  static void fields(auto& self, auto& visit) { visit(self.records); }
};

/// Answer to an ApiRequest.
struct ApiReply {
  static constexpr auto kType = MessageType::ApiReply;
  std::uint64_t id = 0;
  std::uint16_t status = 0;
  std::vector<std::pair<std::string, std::string>> headers{};  ///< those that a caller may need
  std::string body{};
  static void fields(auto& self, auto& visit) {
    visit(self.id, self.status, self.headers, self.body);
  }
};

enum class KeeperState : std::uint8_t {
  Waiting = 0,    ///< for Job
  Running = 1,    ///< the worker has the job
  Finishing = 2,  ///< the worker reported or is gone; the process tree is being ended
};

/// Answer to Hello: this connection is the one that the keeper obeys.
struct Welcome {
  static constexpr auto kType = MessageType::Welcome;
  std::uint16_t major = kProtocolMajor;
  std::uint16_t minor = kProtocolMinor;
  KeeperState state = KeeperState::Waiting;
  std::uint64_t records = 0;  ///< journal end: records
  std::uint64_t output = 0;   ///< journal end: output bytes
  static void fields(auto& self, auto& visit) {
    visit(self.major, self.minor, self.state, self.records, self.output);
  }
};

/// Answer to a Hello that the keeper does not obey (or end of one that it obeyed), then it closes:
/// a higher epoch is known, or the major version is another.
struct Refused {
  static constexpr auto kType = MessageType::Refused;
  std::uint16_t major = kProtocolMajor;
  std::uint16_t minor = kProtocolMinor;
  std::uint64_t highest_epoch = 0;
  std::string reason;
  static void fields(auto& self, auto& visit) {
    visit(self.major, self.minor, self.highest_epoch, self.reason);
  }
};

/// Answer to Notify: the journal's end now.
struct Wake {
  static constexpr auto kType = MessageType::Wake;
  std::uint64_t records = 0;
  std::uint64_t output = 0;
  static void fields(auto& self, auto& visit) { visit(self.records, self.output); }
};

/// One call of the Agent API for the job: `id` names it on this keeper, `uuid` wherever it goes.
/// Sent again, the same, to the next agent when the one before did not answer.
struct ApiRequest {
  static constexpr auto kType = MessageType::ApiRequest;
  std::uint64_t id = 0;
  std::string uuid;
  std::string method;
  std::string path;  ///< relative to the Agent API's base, with query
  std::string content_type;
  std::string body{};
  std::string backoff_sequence{};  ///< how often it failed before, where servers want to know
  static void fields(auto& self, auto& visit) {
    visit(self.id, self.uuid, self.method, self.path, self.content_type, self.body);
    visit.since_minor(self.backoff_sequence);
  }
};

/// The verdict is in the journal and the process tree is empty; the connection ends.
struct Done {
  static constexpr auto kType = MessageType::Done;
  static void fields(auto&, auto&) {}
};

/// The keeper cannot do its work; the connection ends. No process of the job is left.
struct Failed {
  static constexpr auto kType = MessageType::Failed;
  std::string reason;
  static void fields(auto& self, auto& visit) { visit(self.reason); }
};

/// The grace is over: kill the command, send what is left of its output and Report at once.
struct Kill {
  static constexpr auto kType = MessageType::Kill;
  static void fields(auto&, auto&) {}
};

/// The `started` record is in the journal: the worker may start the first process of the user.
struct StartedAck {
  static constexpr auto kType = MessageType::StartedAck;
  static void fields(auto&, auto&) {}
};

/// Output of the job, redacted and time-stamped, at most kMaxOutput bytes.
struct Output {
  static constexpr auto kType = MessageType::Output;
  std::string bytes;
  static void fields(auto& self, auto& visit) { visit.raw(self.bytes); }
};

struct PhaseBegin {
  static constexpr auto kType = MessageType::PhaseBegin;
  std::string name;
  std::string json;
  static void fields(auto& self, auto& visit) { visit(self.name, self.json); }
};

struct PhaseEnd {
  static constexpr auto kType = MessageType::PhaseEnd;
  std::string name;
  std::string json;
  static void fields(auto& self, auto& visit) { visit(self.name, self.json); }
};

/// The worker is about to start the first process of the user; it waits for StartedAck.
struct Started {
  static constexpr auto kType = MessageType::Started;
  static void fields(auto&, auto&) {}
};

/// Something that the agent passes on, as JSON: progress, result, report, metric, ...
struct Event {
  static constexpr auto kType = MessageType::Event;
  std::string kind;
  std::string json;
  static void fields(auto& self, auto& visit) { visit(self.kind, self.json); }
};

/// Declares an artifact that the agent is to ship, as JSON.
struct Artifact {
  static constexpr auto kType = MessageType::Artifact;
  std::string json;
  static void fields(auto& self, auto& visit) { visit.raw(self.json); }
};

/// The worker's last message: how the job ended. The keeper kills whatever is left, the worker
/// too, so nothing may remain for the worker to do.
struct Report {
  static constexpr auto kType = MessageType::Report;
  std::int32_t exit_status = 0;  ///< as in journal::Verdict
  std::int32_t signal = 0;
  journal::Cause cause = journal::Cause::Exited;  ///< Exited, Signalled, SetupFailed, PluginCrashed
  std::string evidence;
  static void fields(auto& self, auto& visit) {
    visit(self.exit_status, self.signal, self.cause, self.evidence);
  }
};

}  // namespace ostler::supervise
