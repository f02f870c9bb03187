// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostler/abi.h>

#include <exception>
#include <optional>
#include <ostler/cpp/services.hpp>
#include <string>
#include <string_view>
#include <utility>

/// A step plugin in C++20: a struct for the configuration, a function that runs the step, and
/// OSTLER_STEP_PLUGIN, which makes the tables of ostler/abi.h of them. No exception crosses: one
/// that leaves the function ends the step as an error with its message.
namespace ostler {

/// How a step ends. Made by passed(), failed() and so on; the setters add to it.
class StepEnd {
 public:
  StepEnd(ostler_outcome_t outcome, std::string message)
      : outcome_(outcome), message_(std::move(message)) {}

  /// For programs: [a-z0-9_]*.
  StepEnd& reason(std::string text) & { return reason_ = std::move(text), *this; }
  StepEnd&& reason(std::string text) && { return std::move(reason(std::move(text))); }
  /// What a person can do about it, one line.
  StepEnd& hint(std::string text) & { return hint_ = std::move(text), *this; }
  StepEnd&& hint(std::string text) && { return std::move(hint(std::move(text))); }
  /// JSON, at most 64 KiB.
  StepEnd& detail(std::string json) & { return detail_ = std::move(json), *this; }
  StepEnd&& detail(std::string json) && { return std::move(detail(std::move(json))); }
  /// 0 to 255; what the job's command ends with.
  StepEnd& exit_status(int status) & { return exit_status_ = status, *this; }
  StepEnd&& exit_status(int status) && { return std::move(exit_status(status)); }
  /// The same run may succeed later.
  StepEnd& retryable() & { return is_retryable_ = 1, *this; }
  StepEnd&& retryable() && { return std::move(retryable()); }

  ostler_status_t hand_to(const ostler_result_sink_t* sink, const ostler_sink_t* error) const {
    ostler_result_t result{};
    result.struct_size = sizeof result;
    result.outcome = outcome_;
    result.exit_status = exit_status_;
    result.retryable = is_retryable_;
    result.reason = to_text(reason_);
    result.message = to_text(message_);
    result.hint = to_text(hint_);
    result.detail = to_text(detail_);
    return sink->set(sink, &result, error);
  }

 private:
  ostler_outcome_t outcome_;
  std::int32_t exit_status_ = 0;
  std::int32_t is_retryable_ = 0;
  std::string reason_;
  std::string message_;
  std::string hint_;
  std::string detail_;
};

inline StepEnd passed(std::string message) { return {OSTLER_PASSED, std::move(message)}; }
inline StepEnd failed(std::string message) { return {OSTLER_STEP_FAILED, std::move(message)}; }
inline StepEnd skipped(std::string message) { return {OSTLER_SKIPPED, std::move(message)}; }
inline StepEnd error(std::string message) { return {OSTLER_ERROR, std::move(message)}; }
inline StepEnd cancelled(std::string message) {
  return {OSTLER_STEP_CANCELLED, std::move(message)};
}

namespace detail {

inline void give(const ostler_sink_t* sink, std::string_view text) noexcept {
  if (sink != nullptr && OSTLER_HAS(ostler_sink_t, sink, take)) sink->take(sink, to_text(text));
}

/// Calls `work`, and turns what it throws into a status and its message.
template <class Work>
ostler_status_t guarded(const ostler_sink_t* sink, const Work& work) noexcept {
  try {
    return work();
  } catch (const CallFailed& failure) {
    give(sink, failure.what());
    return failure.status();
  } catch (const std::exception& failure) {
    give(sink, failure.what());
  } catch (...) {
    give(sink, "something was thrown that is no std::exception");
  }
  return OSTLER_FAILED;
}

/// The tables of a plugin. `Plugin` names StepConfig, id, version and run_the_step.
template <class Plugin>
struct Tables {
  inline static std::optional<Services> services;
  inline static std::optional<typename Plugin::StepConfig> config;

  static ostler_status_t init(const ostler_step_t*, const ostler_host_t* host,
                              const ostler_sink_t* sink) noexcept {
    return guarded(sink, [&]() -> ostler_status_t {
      services.emplace(host);
      config.emplace(Plugin::StepConfig::read(services->config()));
      return OSTLER_OK;
    });
  }

  static ostler_status_t run(const ostler_step_t*, const ostler_result_sink_t* result,
                             const ostler_sink_t* sink) noexcept {
    return guarded(sink,
                   [&] { return Plugin::run_the_step(*services, *config).hand_to(result, sink); });
  }

  static void destroy(const ostler_step_t*) noexcept {
    config.reset();
    services.reset();
  }

  static const ostler_step_t* create(const ostler_step_factory_t*) noexcept {
    static constexpr ostler_step_t step = {
        sizeof(ostler_step_t), 0, nullptr, init, run, nullptr, destroy};
    return &step;
  }

  static const void* get_factory(ostler_text_t id) noexcept {
    static constexpr ostler_step_factory_t factory = {sizeof(ostler_step_factory_t), 0, create};
    return to_view(id) == OSTLER_STEP_FACTORY_ID ? &factory : nullptr;
  }

  static const ostler_descriptor_t* get_descriptor() noexcept {
    static const ostler_descriptor_t descriptor = {sizeof(ostler_descriptor_t), 0,
                                                   to_text(Plugin::id), to_text(Plugin::version)};
    return &descriptor;
  }
};

}  // namespace detail
}  // namespace ostler

/// Once per plugin, outside any namespace:
///
///   OSTLER_STEP_PLUGIN("greet", "1.0.0", Config, run)
///
/// `Config` has `static Config read(const ostler::ConfigReader&)`; `run` is a function
/// `ostler::StepEnd run(const ostler::Services&, const Config&)`.
#define OSTLER_STEP_PLUGIN(plugin_id, plugin_version, ConfigType, run_function) \
  namespace {                                                                   \
  struct OstlerStepPlugin {                                                     \
    using StepConfig = ConfigType;                                              \
    static constexpr std::string_view id = plugin_id;                           \
    static constexpr std::string_view version = plugin_version;                 \
    static ::ostler::StepEnd run_the_step(const ::ostler::Services& services,   \
                                          const StepConfig& config) {           \
      return run_function(services, config);                                    \
    }                                                                           \
  };                                                                            \
  }                                                                             \
  extern "C" OSTLER_EXPORT const ostler_entry_t ostler_plugin_entry = {         \
      sizeof(ostler_entry_t), OSTLER_ABI_MAJOR, OSTLER_ABI_MINOR,               \
      ::ostler::detail::Tables<OstlerStepPlugin>::get_descriptor,               \
      ::ostler::detail::Tables<OstlerStepPlugin>::get_factory}
