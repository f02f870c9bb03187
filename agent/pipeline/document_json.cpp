// SPDX-License-Identifier: Apache-2.0
#include "pipeline/document_json.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "pipeline/core_scalar.hpp"
#include "pipeline/exact_json.hpp"
#include "pipeline/scalar_text.hpp"

namespace ostler::pipeline {
namespace {

using Json = nlohmann::ordered_json;

/// Aliases can stand in each other deeper than a text is written.
constexpr int kDeepestValue = 128;
/// All of one document, so that aliases and variables cannot multiply without end.
constexpr std::size_t kMostDocumentBytes = 64u << 20;

/// What a plain scalar costs before it is known to be a text or not: each alias reads it anew.
std::string_view tried_text(const YamlNode& node) {
  return node.plain ? std::string_view(node.text) : std::string_view();
}

const YamlNode* value_of(const YamlNode& mapping, std::string_view key) {
  for (const YamlEntry& entry : mapping.entries) {
    if (entry.key == key) return entry.value;
  }
  return nullptr;
}

/// The number or boolean that a plain scalar stands for; none when it is text.
std::optional<Json> typed(std::string_view plain) {
  const std::string text = value_text(plain);
  if (text == "true") return Json(true);
  if (text == "false") return Json(false);
  const bool is_signed = text.starts_with('-');
  const std::size_t first = is_signed ? 1 : 0;
  if (first >= text.size() || text[first] < '0' || text[first] > '9') return std::nullopt;
  Json number = Json::parse(text, nullptr, false);
  if (number.is_discarded()) return std::nullopt;
  return number;
}

/// The same below `plugins`, which follow the core schema and keep the texts of numbers.
std::optional<Json> typed_by_core(const YamlNode& scalar, FaultList& faults) {
  if (is_infinite_or_nan(scalar.text)) {
    faults.add(scalar.at, scalar.text + " is a number that JSON does not have; as a text it " +
                              "stands in quotes");
  }
  const auto json = core_json(scalar.text);
  if (!json) return std::nullopt;
  return exact_number<Json>(*json);
}

/// Where in a document a value stands, as far as its plain scalars depend on it.
enum class Place : std::uint8_t { Elsewhere, Steps, Step, Plugins };

/// Of the value of `key`.
Place place_below(Place place, std::string_view key) {
  if (place == Place::Plugins) return place;
  if (place == Place::Step && key == "steps") return Place::Steps;
  return place == Place::Step && key == "plugins" ? Place::Plugins : Place::Elsewhere;
}

/// Of an item of a list.
Place place_within(Place list) {
  if (list == Place::Plugins) return list;
  return list == Place::Steps ? Place::Step : Place::Elsewhere;
}

/// Makes the JSON of one document.
class DocumentJson {
 public:
  DocumentJson(FaultList& faults, std::optional<VariableTable> variables)
      : faults_(faults), variables_(std::move(variables)) {}

  Json pipeline(const YamlNode& root);

 private:
  Json value(const YamlNode& node, int depth, Place place = Place::Elsewhere);
  Json scalar(const YamlNode& node, Place place);
  Json mapping(const YamlNode& node, int depth, Place place);
  Json verbatim(const YamlNode& node);
  Json environment(const YamlNode& node);
  std::string text(std::string_view written, model::SourcePosition at);
  bool take_from_budget(std::size_t bytes, model::SourcePosition at);

  FaultList& faults_;
  std::optional<VariableTable> variables_;
  bool is_verbatim_ = false;
  std::size_t produced_bytes_ = 0;
};

Json DocumentJson::pipeline(const YamlNode& root) {
  if (root.kind == YamlNode::Kind::Null) return Json::object();
  if (root.kind == YamlNode::Kind::Sequence) return {{"steps", value(root, 0, Place::Steps)}};
  if (root.kind != YamlNode::Kind::Mapping) {
    faults_.add(root.at, "this is no pipeline; write \"steps:\" and a list of steps");
    return Json::object();
  }
  Json env;
  if (const YamlNode* node = value_of(root, "env")) env = environment(*node);
  Json all = Json::object();
  MemberFinder<Json> finder;
  for (const YamlEntry& entry : root.entries) {
    if (entry.key == "env") {
      finder.member(all, "env") = env;
    } else if (entry.key == "secrets") {
      finder.member(all, "secrets") = verbatim(*entry.value);
    } else {
      const std::string key = text(entry.key, entry.at);
      Json made = value(*entry.value, 1, key == "steps" ? Place::Steps : Place::Elsewhere);
      finder.member(all, key) = std::move(made);
    }
  }
  return all;
}

Json DocumentJson::environment(const YamlNode& node) {
  Json all = Json::object();
  if (node.kind == YamlNode::Kind::Null) return all;
  if (node.kind != YamlNode::Kind::Mapping) {
    faults_.add(node.at, "env must be a mapping; write NAME: value under it");
    return all;
  }
  MemberFinder<Json> finder;
  for (const YamlEntry& entry : node.entries) {
    const std::string name = text(entry.key, entry.at);
    const YamlNode& given = *entry.value;
    const bool is_text = given.kind == YamlNode::Kind::Scalar || given.kind == YamlNode::Kind::Null;
    if (!is_text) faults_.add(given.at, "env " + name + " must be text; write it as one value");
    std::string value = text(given.plain ? value_text(given.text) : given.text, given.at);
    if (variables_) (*variables_)[name] = value;
    finder.member(all, name) = std::move(value);
  }
  return all;
}

Json DocumentJson::value(const YamlNode& node, int depth, Place place) {
  if (!take_from_budget(tried_text(node).size(), node.at)) return nullptr;
  if (depth > kDeepestValue) {
    faults_.add(node.at, "values stand more than 128 deep in each other; use fewer aliases");
    return nullptr;
  }
  switch (node.kind) {
    case YamlNode::Kind::Null: return nullptr;
    case YamlNode::Kind::Scalar: return scalar(node, place);
    case YamlNode::Kind::Mapping: return mapping(node, depth, place);
    case YamlNode::Kind::Sequence: break;
  }
  Json list = Json::array();
  for (const YamlNode* item : node.items) {
    list.push_back(value(*item, depth + 1, place_within(place)));
  }
  return list;
}

Json DocumentJson::scalar(const YamlNode& node, Place place) {
  if (!node.plain) return text(node.text, node.at);
  auto meant = place == Place::Plugins ? typed_by_core(node, faults_) : typed(node.text);
  return meant ? *std::move(meant) : Json(text(node.text, node.at));
}

Json DocumentJson::mapping(const YamlNode& node, int depth, Place place) {
  Json object = Json::object();
  MemberFinder<Json> finder;
  for (const YamlEntry& entry : node.entries) {
    const std::string key = text(entry.key, entry.at);
    const bool is_signature = key == "signature" && place != Place::Plugins;
    Json made = is_signature ? verbatim(*entry.value)
                             : value(*entry.value, depth + 1, place_below(place, key));
    finder.member(object, key) = std::move(made);
  }
  return object;
}

Json DocumentJson::verbatim(const YamlNode& node) {
  const bool was_verbatim = std::exchange(is_verbatim_, true);
  Json taken = value(node, 1);
  is_verbatim_ = was_verbatim;
  return taken;
}

std::string DocumentJson::text(std::string_view written, model::SourcePosition at) {
  Result<std::string> result = std::string(written);
  if (variables_ && !is_verbatim_) result = interpolate(written, *variables_);
  if (!result) {
    faults_.add(at, result.error().message());
    return {};
  }
  return take_from_budget(result.value().size(), at) ? std::move(result).value() : std::string();
}

bool DocumentJson::take_from_budget(std::size_t bytes, model::SourcePosition at) {
  constexpr std::size_t kOverhead = 64;
  const bool was_within = produced_bytes_ <= kMostDocumentBytes;
  produced_bytes_ += bytes + kOverhead;
  if (produced_bytes_ <= kMostDocumentBytes) return true;
  if (was_within) {
    faults_.add(at, "the pipeline grows beyond 64 MiB here; use fewer aliases and variables");
  }
  return false;
}

/// Makes the JSON of a value in a document that is read for its meaning.
class ValueJson {
 public:
  ValueJson(ValueReader& values, bool verbatim, Place place = Place::Elsewhere)
      : values_(values), verbatim_(verbatim), place_(place) {}

  Json value(const YamlNode& node, int depth = 0) {
    values_.verbatim(tried_text(node), node.at);
    if (values_.is_exhausted()) return nullptr;
    if (depth > kDeepestValue) {
      values_.faults().add(node.at,
                           "values stand more than 128 deep in each other; use fewer aliases");
      return nullptr;
    }
    if (node.kind == YamlNode::Kind::Scalar) return scalar(node);
    if (node.kind == YamlNode::Kind::Null) return nullptr;
    Json all = node.kind == YamlNode::Kind::Mapping ? Json::object() : Json::array();
    for (const YamlNode* item : node.items) all.push_back(value(*item, depth + 1));
    MemberFinder<Json> finder;
    for (const YamlEntry& entry : node.entries) {
      const std::string key = text(entry.key, entry.at);
      finder.member(all, key) = value(*entry.value, depth + 1);
    }
    return all;
  }

 private:
  Json scalar(const YamlNode& node) {
    if (!node.plain) return text(node.text, node.at);
    auto meant =
        place_ == Place::Plugins ? typed_by_core(node, values_.faults()) : typed(node.text);
    return meant ? *std::move(meant) : Json(text(node.text, node.at));
  }
  std::string text(std::string_view written, model::SourcePosition at) {
    return verbatim_ ? values_.verbatim(written, at) : values_.interpolated(written, at);
  }

  ValueReader& values_;
  bool verbatim_;
  Place place_;
};

}  // namespace

std::string value_json(ValueReader& values, const YamlNode& node, bool verbatim) {
  const Json made = ValueJson(values, verbatim).value(node);
  return made.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string plugins_json(ValueReader& values, const YamlNode& node, bool verbatim) {
  return exact_json_text(ValueJson(values, verbatim, Place::Plugins).value(node));
}

std::string document_json(const YamlNode& root, FaultList& faults,
                          std::optional<VariableTable> variables) {
  const Json object = DocumentJson(faults, std::move(variables)).pipeline(root);
  return exact_json_text(object);
}

}  // namespace ostler::pipeline
