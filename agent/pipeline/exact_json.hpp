// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

// nlohmann::json, or its ordered kind, in which numbers keep their text: one that the library would
// write otherwise (1.10, 18446744073709551616) stands as its binary value, which no JSON text
// makes.
namespace ostler::pipeline {

/// Requires: `text` is a number in JSON, and what a double comes near.
template <class Json>
Json exact_number(const std::string& text) {
  Json number = Json::parse(text);
  if (number.dump() == text) return number;
  return Json::binary(std::vector<std::uint8_t>(text.begin(), text.end()));
}

/// Finds the members of one object that grows. The library's ordered kind compares the name of
/// each with all before it, which takes minutes for as many as a pipeline can have.
template <class Json>
class MemberFinder {
 public:
  /// The member of that name, null when it is new. Requires: the same object each time, which
  /// changes by nothing else.
  Json& member(Json& object, const std::string& name) {
    constexpr bool is_ordered = requires { typename Json::object_t::Container; };
    if constexpr (!is_ordered) {
      return object[name];
    } else {
      constexpr std::size_t kFewMembers = 16;
      auto& members = object.template get_ref<typename Json::object_t&>();
      if (members.size() < kFewMembers) return members[name];
      while (places_.size() < members.size()) {
        const std::size_t next = places_.size();
        places_.emplace((members.begin() + static_cast<std::ptrdiff_t>(next))->first, next);
      }
      const auto [found, is_new] = places_.try_emplace(name, members.size());
      if (is_new) members.emplace_back(name, nullptr);
      return (members.begin() + static_cast<std::ptrdiff_t>(found->second))->second;
    }
  }

 private:
  std::unordered_map<std::string, std::size_t> places_;  ///< of the names in the object
};

/// Events of the library's parser as a value.
template <class Json>
class ExactReader {
 public:
  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  /// Of negative numbers, and so 0 is "-0".
  bool number_integer(typename Json::number_integer_t value) {
    return add(value == 0 ? exact_number<Json>("-0") : Json(value));
  }
  bool number_unsigned(typename Json::number_unsigned_t value) { return add(value); }
  bool number_float(typename Json::number_float_t, const std::string& text) {
    return add(exact_number<Json>(text));
  }
  bool string(std::string& text) { return add(std::move(text)); }
  bool binary(typename Json::binary_t&) { return false; }
  bool start_object(std::size_t) { return open(Json::object()); }
  bool key(std::string& name) {
    // Of equal names the last counts, as with the library.
    member_ = &finders_.back().member(*open_.back(), name);
    return true;
  }
  bool end_object() { return close(); }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool end_array() { return close(); }
  template <class Fault>
  bool parse_error(std::size_t, const std::string&, const Fault&) {
    return false;
  }

  Json take() { return std::move(root_); }

 private:
  Json& place(Json value) {
    if (open_.empty()) return root_ = std::move(value);
    if (open_.back()->is_object()) return *member_ = std::move(value);
    open_.back()->push_back(std::move(value));
    return open_.back()->back();
  }
  bool add(Json value) {
    place(std::move(value));
    return true;
  }
  bool open(Json empty) {
    open_.push_back(&place(std::move(empty)));
    finders_.emplace_back();
    return true;
  }
  bool close() {
    open_.pop_back();
    finders_.pop_back();
    return true;
  }

  Json root_;
  std::vector<Json*> open_;                  // a value does not move while one within it is open
  std::vector<MemberFinder<Json>> finders_;  // of those
  Json* member_ = nullptr;
};

/// Discarded when `text` is no JSON.
template <class Json>
Json parse_exact_json(std::string_view text) {
  ExactReader<Json> reader;
  const bool is_json = Json::sax_parse(text.begin(), text.end(), &reader);
  return is_json ? reader.take() : Json(Json::value_t::discarded);
}

/// Writes values as the library does. Bytes that are no UTF-8 are replaced.
template <class Json>
class ExactWriter {
 public:
  /// Without `indent` all is in one line, without blanks.
  explicit ExactWriter(std::size_t indent) : indent_(indent) {}

  void write(const Json& value) {
    if (value.is_binary()) {
      text_.append(value.get_binary().begin(), value.get_binary().end());
    } else if (!value.is_structured()) {
      text_ += value.dump(-1, ' ', false, Json::error_handler_t::replace);
    } else {
      write_all(value);
    }
  }
  std::string take() { return std::move(text_); }

 private:
  void write_all(const Json& value) {
    text_ += value.is_object() ? '{' : '[';
    ++depth_;
    bool is_first = true;
    for (const auto& [key, member] : value.items()) {
      if (!is_first) text_ += ',';
      is_first = false;
      end_line();
      if (value.is_object()) {
        write(Json(key));
        text_ += indent_ > 0 ? ": " : ":";
      }
      write(member);
    }
    --depth_;
    if (!is_first) end_line();
    text_ += value.is_object() ? '}' : ']';
  }
  void end_line() {
    if (indent_ > 0) text_.append("\n").append(indent_ * depth_, ' ');
  }

  std::size_t indent_;
  std::size_t depth_ = 0;
  std::string text_;
};

template <class Json>
std::string exact_json_text(const Json& value, std::size_t indent = 0) {
  ExactWriter<Json> writer(indent);
  writer.write(value);
  return writer.take();
}

}  // namespace ostler::pipeline
