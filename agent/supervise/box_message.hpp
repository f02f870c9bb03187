// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "supervise/message.hpp"

// What a box and its host say to each other; docs/box-protocol.md has the order of messages and the
// frames byte by byte. A box is a stranger to its host: what comes from it may be anything.
namespace ostler::supervise {

inline constexpr std::uint16_t kBoxMajor = 0;
inline constexpr std::uint16_t kBoxMinor = 2;
/// The longest payload that a host takes from a box, and that a box sends.
inline constexpr std::uint32_t kLongestFromBox = 256u << 10;
/// The longest text of an answer: with its fields what a box takes.
inline constexpr std::uint32_t kLongestTextToBox = (2u << 20) - 12;

constexpr MessageType box_type(std::uint16_t number) { return static_cast<MessageType>(number); }

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// First message to a box.
struct BoxStart {
  static constexpr auto kType = box_type(64);
  std::uint16_t major = kBoxMajor;
  std::uint16_t minor = kBoxMinor;
  std::uint8_t network = 0;  ///< 1: the plugin may open sockets
  std::int32_t attempt = 1;
  std::string library;  ///< file name, for messages
  Pairs paths;          ///< absolute path, "read", "write" or "run"
  Pairs services;       ///< id of a service that the host gives, empty
  Pairs facts;          ///< name of a fact about the job, its value
  std::string filter;   ///< a program for seccomp
  Pairs command;        ///< words of what is executed instead of mapping the plugin, empty
  Pairs libraries;      ///< file name of a library that it needs, empty; see BoxSpec::code
  static void fields(auto& self, auto& visit) {
    visit(self.major, self.minor, self.network, self.attempt, self.library, self.paths,
          self.services, self.facts, self.filter, self.command, self.libraries);
  }
};

/// The plugin is who it should be: create and run it. A program has seen no BoxStart: what it needs
/// of that stands here too.
struct BoxGo {
  static constexpr auto kType = box_type(65);
  std::uint16_t major = kBoxMajor;
  std::uint16_t minor = kBoxMinor;
  std::int32_t attempt = 1;
  Pairs services;  ///< as in BoxStart
  Pairs facts;
  static void fields(auto& self, auto& visit) {
    visit(self.major, self.minor, self.attempt, self.services, self.facts);
  }
};

/// The job was cancelled. A later one can only bring the deadline forward.
struct BoxCancel {
  static constexpr auto kType = box_type(66);
  std::uint8_t reason = 1;    ///< as CancelReason
  std::int64_t deadline = 0;  ///< nanoseconds of CLOCK_BOOTTIME
  static void fields(auto& self, auto& visit) { visit(self.reason, self.deadline); }
};

/// To a BoxAsk or BoxResult of that id.
struct BoxAnswer {
  static constexpr auto kType = box_type(67);
  std::uint32_t id = 0;
  std::int32_t status = 0;  ///< ostler_status_t
  std::string text;         ///< the value, or with another status than 0 the reason
  static void fields(auto& self, auto& visit) { visit(self.id, self.status, self.text); }
};

/// What holds from now on; before the plugin is mapped.
struct BoxConfined {
  static constexpr auto kType = box_type(80);
  static constexpr std::uint32_t kSystemCalls = 1;  ///< seccomp
  static constexpr std::uint32_t kFiles = 2;        ///< Landlock
  static constexpr std::uint32_t kTcp = 4;          ///< Landlock
  static constexpr std::uint32_t kScopes = 8;       ///< Landlock: signals, abstract sockets
  std::uint32_t measures = 0;
  static void fields(auto& self, auto& visit) { visit(self.measures); }
};

struct BoxMapped {
  static constexpr auto kType = box_type(81);
  std::string id;
  std::string version;
  std::string build_id;  ///< hex; empty when it has none
  static void fields(auto& self, auto& visit) { visit(self.id, self.version, self.build_id); }
};

struct BoxLog {
  static constexpr auto kType = box_type(82);
  std::int32_t severity = 0;
  std::uint8_t is_end = 1;  ///< 0: the next of these goes on with the same text
  std::string text;
  static void fields(auto& self, auto& visit) { visit(self.severity, self.is_end, self.text); }
};

struct BoxGroup {
  static constexpr auto kType = box_type(83);
  std::int32_t style = 0;
  std::string title;
  static void fields(auto& self, auto& visit) { visit(self.style, self.title); }
};

struct BoxProgress {
  static constexpr auto kType = box_type(84);
  std::int32_t done = 0;  ///< of 10000
  std::int32_t attempt = 0;
  std::string phase;
  std::string message;
  static void fields(auto& self, auto& visit) {
    visit(self.done, self.attempt, self.phase, self.message);
  }
};

struct BoxAsk {
  static constexpr auto kType = box_type(85);
  std::uint32_t id = 0;
  std::string method;  ///< "ostler.config/1/text"
  Pairs arguments;     ///< an argument; empty
  static void fields(auto& self, auto& visit) { visit(self.id, self.method, self.arguments); }
};

struct BoxResult {
  static constexpr auto kType = box_type(86);
  std::uint32_t id = 0;
  std::int32_t outcome = 0;
  std::int32_t exit_status = 0;
  std::int32_t retryable = 0;
  std::string reason;
  std::string message;
  std::string hint;
  std::string detail;
  static void fields(auto& self, auto& visit) {
    visit(self.id, self.outcome, self.exit_status, self.retryable, self.reason, self.message,
          self.hint, self.detail);
  }
};

/// The plugin has seen the cancel and cleans up.
struct BoxCleanup {
  static constexpr auto kType = box_type(87);
  static void fields(auto&, auto&) {}
};

/// The plugin's last function has returned.
struct BoxEnded {
  static constexpr auto kType = box_type(88);
  std::int32_t status = 0;  ///< ostler_status_t
  std::string reason;
  static void fields(auto& self, auto& visit) { visit(self.status, self.reason); }
};

/// run() has returned, or a failed init(): destroy() comes next.
struct BoxReturned {
  static constexpr auto kType = box_type(91);
  std::int32_t status = 0;  ///< ostler_status_t
  std::string reason;
  static void fields(auto& self, auto& visit) { visit(self.status, self.reason); }
};

/// There was no run.
struct BoxFault {
  static constexpr auto kType = box_type(89);
  std::string reason;
  static void fields(auto& self, auto& visit) { visit(self.reason); }
};

/// Evidence of a crash.
struct BoxCrash {
  static constexpr auto kType = box_type(90);
  std::int32_t signal = 0;
  std::uint64_t address = 0;  ///< what could not be accessed, for signals of memory
  std::string module;         ///< file name; empty: the place lies in none
  std::uint64_t offset = 0;   ///< in the module
  std::string build_id;
  std::uint64_t caller = 0;  ///< offset in the plugin, when `module` is another; 0: unknown
  static void fields(auto& self, auto& visit) {
    visit(self.signal, self.address, self.module, self.offset, self.build_id, self.caller);
  }
};

}  // namespace ostler::supervise
