// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostler/service.h>

#include <chrono>
#include <ostler/cpp/services.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostler {

/// See ostler_service_request.
struct ServiceRequest {
  std::string name;
  std::vector<std::string> arguments;  ///< the program first
  std::vector<std::string> environment = {};
  std::string listener = {};
  std::string address = {};
  std::string probe = {};  ///< "tcp", where there is no listener, or "/path"
  std::chrono::nanoseconds interval = std::chrono::seconds(1);
  std::uint32_t threshold = 3;
  std::string restart = "on-failure";
};

struct StartedService {
  std::string id;
  std::string address;
  std::string directory;
};

/// Programs that go on after the job, and the sockets that they listen on. The manifest asks for
/// them: "permissions": {"services": ["listener", "service"]}. Its functions throw CallFailed.
class ServiceRunner {
 public:
  explicit ServiceRunner(const Services& services) : services_(services) {}

  /// The address of a socket that listens on this machine; of `port`, or any that is free.
  std::string listen(std::string_view name, std::uint16_t port = 0) const {
    return asked([&](const ostler_sink_t* value, const ostler_sink_t* error) {
      return ostler_listener_open(host(), to_text(name), port, value, error);
    });
  }
  void close(std::string_view name) const {
    asked([&](const ostler_sink_t*, const ostler_sink_t* error) {
      return ostler_listener_close(host(), to_text(name), error);
    });
  }

  /// Beside the one of that name which runs.
  StartedService start(const ServiceRequest& request) const {
    const auto arguments = texts_of(request.arguments);
    const auto environment = texts_of(request.environment);
    ostler_service_request_t given{};
    given.struct_size = sizeof given;
    given.threshold = request.threshold;
    given.name = to_text(request.name);
    given.listener = to_text(request.listener);
    given.address = to_text(request.address);
    given.probe = to_text(request.probe);
    given.restart = to_text(request.restart);
    given.interval_ns = request.interval.count();
    given.arguments = arguments.data();
    given.argument_count = arguments.size();
    given.environment = environment.data();
    given.environment_count = environment.size();
    std::string lines = asked([&](const ostler_sink_t* value, const ostler_sink_t* error) {
      return ostler_service_start(host(), &given, value, error);
    });
    StartedService started;
    for (std::string* part : {&started.id, &started.address, &started.directory}) {
      const std::size_t end = lines.find('\n');
      *part = lines.substr(0, end);
      lines.erase(0, end == std::string::npos ? end : end + 1);
    }
    return started;
  }

  /// It is the one of its name from now on; the one before is stopped.
  void promote(std::string_view target) const {
    asked([&](const ostler_sink_t*, const ostler_sink_t* error) {
      return ostler_service_promote(host(), to_text(target), error);
    });
  }
  void stop(std::string_view target) const {
    asked([&](const ostler_sink_t*, const ostler_sink_t* error) {
      return ostler_service_stop(host(), to_text(target), error);
    });
  }
  /// A JSON array.
  std::string status(std::string_view target = {}) const {
    return asked([&](const ostler_sink_t* value, const ostler_sink_t* error) {
      return ostler_service_status(host(), to_text(target), value, error);
    });
  }
  std::string log(std::string_view target, std::uint32_t bytes = 16384) const {
    return asked([&](const ostler_sink_t* value, const ostler_sink_t* error) {
      return ostler_service_log(host(), to_text(target), bytes, value, error);
    });
  }
  /// For commands to put files into, which stay.
  std::string directory(std::string_view name) const {
    return asked([&](const ostler_sink_t* value, const ostler_sink_t* error) {
      return ostler_service_directory(host(), to_text(name), value, error);
    });
  }

  /// Waits until its probe has an answer; false when it has ended, or none came in time. A cancel
  /// of the job throws CallFailed, as every call does then.
  bool wait_until_healthy(const std::string& id, std::chrono::nanoseconds limit) const {
    const auto until = std::chrono::steady_clock::now() + limit;
    for (;;) {
      const std::string now = status(id);
      if (now.find(R"("health":"healthy")") != std::string::npos) return true;
      const bool may_come = now.find(R"("phase":"running")") != std::string::npos ||
                            now.find(R"("phase":"restarting")") != std::string::npos;
      if (!may_come || std::chrono::steady_clock::now() >= until) return false;
      (void)services_.sleep(std::chrono::milliseconds(100));
    }
  }

 private:
  const ostler_host_t* host() const { return services_.host(); }

  template <class Call>
  static std::string asked(const Call& call) {
    detail::Kept value;
    detail::Kept error;
    detail::require(call(value.sink(), error.sink()), error);
    return std::move(value).text();
  }
  static std::vector<ostler_text_t> texts_of(const std::vector<std::string>& texts) {
    std::vector<ostler_text_t> all;
    for (const std::string& text : texts) all.push_back(to_text(text));
    return all;
  }

  const Services& services_;
};

}  // namespace ostler
