// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostler/abi.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

/// What every call of a service needs: texts, a sink, the error.
namespace ostler {

inline ostler_text_t to_text(std::string_view view) { return {view.data(), view.size()}; }
inline std::string_view to_view(ostler_text_t text) {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}

/// A call of the host that did not work, where no value could be given instead. Left alone, it ends
/// the step as an error (after a cancel: as cancelled) with its message.
class CallFailed : public std::runtime_error {
 public:
  CallFailed(ostler_status_t status, const std::string& message)
      : std::runtime_error(message), status_(status) {}
  /// OSTLER_NOT_FOUND and so on.
  ostler_status_t status() const { return status_; }

 private:
  ostler_status_t status_;
};

/// What a call gave, or why it gave nothing; see tried().
template <class Value>
class Tried {
 public:
  Tried(std::optional<Value> value, ostler_status_t status, std::string message)
      : value_(std::move(value)), status_(status), message_(std::move(message)) {}

  explicit operator bool() const { return value_.has_value(); }
  /// Requires: there is one.
  Value& operator*() { return *value_; }
  Value* operator->() { return &*value_; }
  /// OSTLER_OK when there is one.
  ostler_status_t status() const { return status_; }
  /// Why there is none, one line.
  const std::string& message() const { return message_; }

 private:
  std::optional<Value> value_;
  ostler_status_t status_;
  std::string message_;
};

/// Makes a call whose failure is a result to go on with, and no reason to leave the function:
///
///   auto key = ostler::tried([&] { return services.secret("KEY"); });
///   if (!key) return ostler::failed(key.message());
///
/// `call` returns a value, or nothing, which is true then. Other exceptions are not its business.
template <class Call>
auto tried(Call call) {
  using Given = decltype(call());
  constexpr bool kIsVoid = std::is_void_v<Given>;
  using Value = std::conditional_t<kIsVoid, std::monostate, Given>;
  try {
    if constexpr (kIsVoid) {
      call();
      return Tried<Value>(Value(), OSTLER_OK, "");
    } else {
      return Tried<Value>(call(), OSTLER_OK, "");
    }
  } catch (const CallFailed& failure) {
    return Tried<Value>(std::nullopt, failure.status(), failure.what());
  }
}

namespace detail {

/// A sink that keeps what it is given.
class Kept {
 public:
  Kept() : sink_{sizeof(ostler_sink_t), 0, &text_, take} {}
  Kept(const Kept&) = delete;
  Kept& operator=(const Kept&) = delete;
  const ostler_sink_t* sink() const { return &sink_; }
  std::string text() && { return std::move(text_); }
  const std::string& text() const& { return text_; }

 private:
  static void take(const ostler_sink_t* sink, ostler_text_t value) noexcept {
    static_cast<std::string*>(sink->context)->assign(to_view(value));
  }
  std::string text_;
  ostler_sink_t sink_;
};

/// One a line.
inline std::string lines(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += text + "\n";
  return all;
}

inline void require(ostler_status_t status, const Kept& error) {
  if (status != OSTLER_OK) throw CallFailed(status, error.text());
}

/// Of a table that an older host has shorter.
inline void require_member(bool is_there, const char* call) {
  if (!is_there)
    throw CallFailed(OSTLER_UNAVAILABLE, std::string("this host is too old for ") + call);
}

}  // namespace detail

}  // namespace ostler
