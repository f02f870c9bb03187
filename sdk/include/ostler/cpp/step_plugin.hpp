// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostler/abi.h>

#include <exception>
#include <optional>
#include <ostler/cpp/services.hpp>
#include <string>
#include <string_view>
#include <utility>

/// A step plugin in C++20: a struct for the configuration and a function that runs the step, or a
/// class of StepPlugin; and OSTLER_STEP_PLUGIN, which makes the tables of ostler/abi.h of them. No
/// exception crosses: one that leaves the function ends the step as an error with its message.
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

/// A step as a class; made with the configuration when the step begins. Its constructor and run()
/// may throw, as the function of a step may.
class StepPlugin {
 public:
  StepPlugin() = default;
  StepPlugin(const StepPlugin&) = delete;
  StepPlugin& operator=(const StepPlugin&) = delete;
  virtual ~StepPlugin() = default;

  virtual StepEnd run(const Services& services) = 0;
  /// Tells of a cancel at once, on another thread, while run() goes on: for a step that waits in a
  /// library which must be woken. It may log, report progress and ask about the cancel only, and
  /// must not block. Not called after run() has returned; it may come while run() is only about to
  /// begin: what it touches is made by the constructor, and what it says is kept there until run()
  /// looks, as by a flag under a mutex.
  virtual void cancel(const Services&, ostler_cancel_reason_t) noexcept {}
};

namespace detail {

/// The step that a function is. `Function` names StepConfig and run_the_step.
template <class Function>
class FunctionStep final : public StepPlugin {
 public:
  explicit FunctionStep(const ConfigReader& reader) : config_(Function::StepConfig::read(reader)) {}
  StepEnd run(const Services& services) override {
    return Function::run_the_step(services, config_);
  }

 private:
  typename Function::StepConfig config_;
};

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

/// The tables of a plugin. `Plugin` names Step, id and version.
template <class Plugin>
struct Tables {
  inline static std::optional<Services> services;
  inline static std::optional<typename Plugin::Step> step;

  static ostler_status_t init(const ostler_step_t*, const ostler_host_t* host,
                              const ostler_sink_t* sink) noexcept {
    return guarded(sink, [&]() -> ostler_status_t {
      services.emplace(host);
      step.emplace(services->config());
      return OSTLER_OK;
    });
  }

  static ostler_status_t run(const ostler_step_t*, const ostler_result_sink_t* result,
                             const ostler_sink_t* sink) noexcept {
    return guarded(sink, [&] { return step->run(*services).hand_to(result, sink); });
  }

  static void cancel(const ostler_step_t*, std::int32_t reason) noexcept {
    step->cancel(*services, reason);
  }

  static void destroy(const ostler_step_t*) noexcept {
    step.reset();
    services.reset();
  }

  static const ostler_step_t* create(const ostler_step_factory_t*) noexcept {
    static constexpr ostler_step_t table = {
        sizeof(ostler_step_t), 0, nullptr, init, run, cancel, destroy};
    return &table;
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

/// Once per plugin, outside any namespace, one of
///
///   OSTLER_STEP_PLUGIN("greet", Config, run)
///   OSTLER_STEP_PLUGIN("greet", "1.0.0", Config, run)
///   OSTLER_STEP_PLUGIN("greet", Greet)
///
/// `Config` has `static Config read(const ostler::ConfigReader&)`; `run` is a function
/// `ostler::StepEnd run(const ostler::Services&, const Config&)`; `Greet` derives from
/// ostler::StepPlugin and has a constructor `explicit Greet(const ostler::ConfigReader&)`. A
/// version that is not given is that of plugin.json: ostler_step_plugin of CMake defines
/// OSTLER_PLUGIN_VERSION, and another build must.
#define OSTLER_STEP_PLUGIN(...)                                                       \
  OSTLER_STEP_PLUGIN_PICK_(__VA_ARGS__, OSTLER_STEP_PLUGIN_4_, OSTLER_STEP_PLUGIN_3_, \
                           OSTLER_STEP_PLUGIN_2_, unused)(__VA_ARGS__)
#define OSTLER_STEP_PLUGIN_PICK_(first, second, third, fourth, picked, ...) picked
#define OSTLER_STEP_PLUGIN_2_(plugin_id, StepClass) \
  OSTLER_STEP_PLUGIN_ENTRY_(plugin_id, OSTLER_PLUGIN_VERSION, StepClass)
#define OSTLER_STEP_PLUGIN_3_(plugin_id, ConfigType, run_function) \
  OSTLER_STEP_PLUGIN_4_(plugin_id, OSTLER_PLUGIN_VERSION, ConfigType, run_function)
#define OSTLER_STEP_PLUGIN_4_(plugin_id, plugin_version, ConfigType, run_function) \
  namespace {                                                                      \
  struct OstlerStepFunction {                                                      \
    using StepConfig = ConfigType;                                                 \
    static ::ostler::StepEnd run_the_step(const ::ostler::Services& services,      \
                                          const StepConfig& config) {              \
      return run_function(services, config);                                       \
    }                                                                              \
  };                                                                               \
  }                                                                                \
  OSTLER_STEP_PLUGIN_ENTRY_(plugin_id, plugin_version,                             \
                            ::ostler::detail::FunctionStep<OstlerStepFunction>)
#define OSTLER_STEP_PLUGIN_ENTRY_(plugin_id, plugin_version, StepClass) \
  namespace {                                                           \
  struct OstlerStepPlugin {                                             \
    using Step = StepClass;                                             \
    static constexpr std::string_view id = plugin_id;                   \
    static constexpr std::string_view version = plugin_version;         \
  };                                                                    \
  }                                                                     \
  extern "C" OSTLER_EXPORT const ostler_entry_t ostler_plugin_entry = { \
      sizeof(ostler_entry_t), OSTLER_ABI_MAJOR, OSTLER_ABI_MINOR,       \
      ::ostler::detail::Tables<OstlerStepPlugin>::get_descriptor,       \
      ::ostler::detail::Tables<OstlerStepPlugin>::get_factory}
