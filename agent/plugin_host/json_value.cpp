// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/json_value.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

namespace ostler::plugin_host {
namespace {

using Type = JsonValue::Type;

constexpr auto kByName = [](const auto& member, std::string_view name) {
  return member.first < name;
};

/// Builds the value; refuses what the limits and the rule on names refuse.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Builder(int depth) : most_(static_cast<std::size_t>(depth)) {}

  bool null() override { return add({Type::Null}); }
  bool boolean(bool value) override { return add({Type::Boolean, value ? "true" : "false"}); }
  bool number_integer(number_integer_t value) override {  // of negative ones
    return add({Type::Number, value == 0 ? "-0" : std::to_string(value)});
  }
  bool number_unsigned(number_unsigned_t value) override {
    return add({Type::Number, std::to_string(value)});
  }
  bool number_float(number_float_t, const string_t& text) override {
    return add({Type::Number, text});
  }
  bool string(string_t& text) override { return add({Type::String, text}); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open({Type::Object}); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open({Type::Array}); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    if (open_.back().value.member(name) != nullptr) {
      return refuse("the name \"" + name + "\" stands there twice");
    }
    open_.back().name = name;
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    return refuse("no JSON at byte " + std::to_string(position));
  }

  JsonValue take() { return std::move(*done_); }
  const std::string& fault() const { return fault_; }

 private:
  struct Open {
    JsonValue value;
    std::string name;  ///< of the member that is being read
  };

  std::string place() const {
    std::string pointer;
    for (const Open& open : open_) {
      if (open.value.type == Type::Array) {
        pointer += "/" + std::to_string(open.value.items.size());
      } else if (!open.name.empty()) {
        pointer += "/" + pointer_part(open.name);
      }
    }
    return pointer;
  }
  bool refuse(const std::string& what) {
    const std::string where = place();
    if (fault_.empty()) fault_ = where.empty() ? what : where + ": " + what;
    return false;
  }
  bool open(JsonValue value) {
    if (open_.size() == most_) {
      return refuse("deeper than " + std::to_string(most_) + " arrays and objects");
    }
    open_.push_back({std::move(value), {}});
    return true;
  }
  bool close() {
    JsonValue value = std::move(open_.back().value);
    open_.pop_back();
    return add(std::move(value));
  }
  bool add(JsonValue value) {
    if (open_.empty()) {
      done_ = std::move(value);
    } else if (open_.back().value.type == Type::Array) {
      open_.back().value.items.push_back(std::move(value));
    } else {
      open_.back().value.add_member(std::exchange(open_.back().name, {}), std::move(value));
    }
    return true;
  }

  std::size_t most_;
  std::vector<Open> open_;
  std::optional<JsonValue> done_;
  std::string fault_;
};

void append_json(std::string& text, const JsonValue& value);

void append_string(std::string& text, const std::string& characters) {
  text += nlohmann::json(characters).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void append_members(std::string& text, const JsonValue& value) {
  text += '{';
  for (const auto& [name, member] : value.members) {
    if (text.back() != '{') text += ',';
    append_string(text, name);
    text += ':';
    append_json(text, member);
  }
  text += '}';
}

void append_items(std::string& text, const JsonValue& value) {
  text += '[';
  for (const JsonValue& item : value.items) {
    if (&item != &value.items.front()) text += ',';
    append_json(text, item);
  }
  text += ']';
}

void append_json(std::string& text, const JsonValue& value) {
  switch (value.type) {
    case Type::Null: text += "null"; return;
    case Type::Boolean:
    case Type::Number: text += value.text; return;
    case Type::String: append_string(text, value.text); return;
    case Type::Array: append_items(text, value); return;
    case Type::Object: append_members(text, value); return;
  }
}

/// A part of a pointer as the name it stands for.
Result<std::string> name_of(std::string_view part) {
  std::string name;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] != '~') {
      name += part[i];
      continue;
    }
    const char next = i + 1 < part.size() ? part[++i] : '\0';
    if (next != '0' && next != '1') return Error(Errc::UserFault, "~ stands before 0 or 1 only");
    name += next == '0' ? '~' : '/';
  }
  return name;
}

const JsonValue* child(const JsonValue& value, const std::string& name) {
  if (value.type == Type::Object) return value.member(name);
  if (value.type != Type::Array) return nullptr;
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
  const bool is_index = error == std::errc() && end == name.data() + name.size() &&
                        (name.size() == 1 || name.front() != '0');
  return is_index && index < value.items.size() ? &value.items[index] : nullptr;
}

}  // namespace

const JsonValue* JsonValue::member(std::string_view name) const {
  const auto found = std::lower_bound(members.begin(), members.end(), name, kByName);
  return found != members.end() && found->first == name ? &found->second : nullptr;
}

void JsonValue::add_member(std::string name, JsonValue value) {
  const auto place =
      std::lower_bound(members.begin(), members.end(), std::string_view(name), kByName);
  members.emplace(place, std::move(name), std::move(value));
}

Result<JsonValue> parse_json(std::string_view text, JsonLimits limits) {
  if (text.size() > limits.size) {
    return Error(Errc::UserFault, "longer than " + std::to_string(limits.size) + " bytes");
  }
  Builder builder(limits.depth);
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) {
    return Error(Errc::UserFault, builder.fault().empty() ? "no JSON" : builder.fault());
  }
  return builder.take();
}

std::string canonical_json(const JsonValue& value) {
  std::string text;
  append_json(text, value);
  return text;
}

Result<std::vector<std::string>> pointer_names(std::string_view pointer) {
  if (!pointer.empty() && pointer.front() != '/') {
    return Error(Errc::UserFault, "no JSON pointer: " + std::string(pointer));
  }
  std::vector<std::string> names;
  for (std::string_view rest = pointer; !rest.empty();) {
    const std::size_t end = std::min(rest.find('/', 1), rest.size());
    OSTLER_TRY(std::string name, name_of(rest.substr(1, end - 1)));
    names.push_back(std::move(name));
    rest.remove_prefix(end);
  }
  return names;
}

Result<const JsonValue*> at_pointer(const JsonValue& value, std::string_view pointer) {
  OSTLER_TRY(const auto names, pointer_names(pointer));
  const JsonValue* at = &value;
  for (const std::string& name : names) {
    at = child(*at, name);
    if (at == nullptr) {
      return Error(Errc::NotFound, "the configuration has nothing at " + std::string(pointer));
    }
  }
  return at;
}

std::string pointer_part(std::string_view name) {
  std::string part;
  for (const char character : name) {
    if (character == '~') {
      part += "~0";
    } else if (character == '/') {
      part += "~1";
    } else {
      part += character;
    }
  }
  return part;
}

}  // namespace ostler::plugin_host
