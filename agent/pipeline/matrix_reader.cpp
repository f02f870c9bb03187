// SPDX-License-Identifier: Apache-2.0
#include "pipeline/matrix_reader.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "pipeline/soft_fail_reader.hpp"

namespace ostler::pipeline {
namespace {

constexpr std::size_t kMostDimensions = 6;
constexpr std::size_t kMostElements = 25;
constexpr std::size_t kLongestElement = 128;  // bytes
constexpr std::size_t kMostAdjustments = 12;
constexpr std::size_t kMostJobs = 50;

bool is_dimension_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

class MatrixReader {
 public:
  explicit MatrixReader(ValueReader& values)
      : values_(values), faults_before_(values.faults().count()) {}

  model::Matrix read(const YamlNode& value) {
    if (value.kind == YamlNode::Kind::Mapping) {
      read_mapping(value);
    } else if (value.kind == YamlNode::Kind::Sequence) {
      read_dimension("", value);
    } else {
      fault(value.at, "matrix must be a list, or a mapping with setup; write \"- \" before values");
    }
    check_size(value.at);
    return std::move(matrix_);
  }

 private:
  void fault(model::SourcePosition at, const std::string& text) { values_.faults().add(at, text); }

  void read_mapping(const YamlNode& mapping) {
    const YamlNode* adjustments = nullptr;
    bool has_setup = false;
    for (const YamlEntry& entry : mapping.entries) {
      if (entry.key == "setup") {
        has_setup = true;
        read_setup(*entry.value);
      } else if (entry.key == "adjustments") {
        adjustments = entry.value;
      } else {
        fault(entry.at, "unknown key \"" + entry.key + "\" in matrix; use setup and adjustments");
      }
    }
    if (!has_setup) return fault(mapping.at, "matrix has no setup; write setup: and its values");
    if (adjustments != nullptr) read_adjustments(*adjustments);
  }

  void read_setup(const YamlNode& setup) {
    if (setup.kind != YamlNode::Kind::Mapping) return read_dimension("", setup);
    for (const YamlEntry& entry : setup.entries) {
      if (!is_dimension_name(entry.key)) {
        fault(entry.at, "\"" + entry.key + "\" cannot name a dimension; use letters, digits and _");
      }
      read_dimension(entry.key, *entry.value);
      if (matrix_.dimensions.size() > kMostDimensions) return;
    }
  }

  void read_dimension(const std::string& name, const YamlNode& list) {
    model::MatrixDimension dimension{.name = name, .values = values_.texts(list, "matrix")};
    for (const std::string& value : dimension.values) check_element(value, list.at);
    if (dimension.values.size() > kMostElements) {
      fault(list.at, "a dimension of a matrix has at most 25 values; divide the step");
    }
    check_element(name, list.at);
    matrix_.dimensions.push_back(std::move(dimension));
    if (matrix_.dimensions.size() == kMostDimensions + 1) {
      fault(list.at, "a matrix has at most 6 dimensions; divide the step");
    }
  }

  void check_element(const std::string& text, model::SourcePosition at) {
    if (text.size() <= kLongestElement) return;
    fault(at, "a value or name in a matrix has at most 128 bytes; shorten \"" + text.substr(0, 20) +
                  "...\"");
  }

  void read_adjustments(const YamlNode& list) {
    if (list.kind != YamlNode::Kind::Sequence) {
      return fault(list.at, "adjustments must be a list; begin each with \"- with: ...\"");
    }
    if (list.items.size() > kMostAdjustments) {
      return fault(list.at, "a matrix has at most 12 adjustments; divide the step");
    }
    for (const YamlNode* item : list.items) read_adjustment(*item);
  }

  void read_adjustment(const YamlNode& mapping) {
    model::MatrixAdjustment adjustment;
    bool has_with = false;
    for (const YamlEntry& entry : mapping.entries) {
      if (entry.key == "with") {
        has_with = true;
        adjustment.with = read_with(*entry.value);
      } else if (entry.key == "skip") {
        adjustment.skip = read_skip(values_, *entry.value);
      } else if (entry.key == "soft_fail") {
        adjustment.soft_fail = read_soft_fail(values_, *entry.value);
      } else {
        fault(entry.at,
              "unknown key \"" + entry.key + "\" in an adjustment; use with, skip and soft_fail");
      }
    }
    if (!has_with) {
      return fault(mapping.at, "an adjustment must say which combination; write with: under it");
    }
    matrix_.adjustments.push_back(std::move(adjustment));
  }

  model::MatrixValues read_with(const YamlNode& with) {
    model::MatrixValues given;
    if (with.kind == YamlNode::Kind::Mapping) {
      for (const YamlEntry& entry : with.entries) {
        given.emplace_back(entry.key, values_.text(*entry.value, "with"));
      }
    } else {
      const auto texts = values_.texts(with, "with");
      if (texts.size() == 1) given.emplace_back("", texts[0]);
    }
    return in_order(given, with.at);
  }

  /// An adjustment names every dimension, in any order.
  model::MatrixValues in_order(const model::MatrixValues& given, model::SourcePosition at) {
    model::MatrixValues values;
    for (const model::MatrixDimension& dimension : matrix_.dimensions) {
      const auto found =
          std::ranges::find(given, dimension.name, &model::MatrixValues::value_type::first);
      if (found != given.end()) values.push_back(*found);
    }
    for (const auto& [name, value] : values) check_element(value, at);
    const bool is_whole = values.size() == matrix_.dimensions.size();
    if (!is_whole || given.size() != values.size()) {
      fault(at, "with must have one value for each dimension of setup, and nothing else");
    }
    return values;
  }

  void check_size(model::SourcePosition at) {
    if (values_.faults().count() > faults_before_) return;
    std::size_t count = model::count_combinations(matrix_, kMostJobs + 1);
    if (count <= kMostJobs) count = model::combinations_of(matrix_).size();
    if (count == 0) fault(at, "matrix has no values; write one, or remove it");
    if (count > kMostJobs) fault(at, "a matrix makes at most 50 jobs; divide the step");
  }

  ValueReader& values_;
  const std::size_t faults_before_;
  model::Matrix matrix_;
};

/// Texts of a step into which values of its matrix go.
std::vector<std::string_view> texts_with_tokens(const model::StepDefinition& step) {
  std::vector<std::string_view> texts{step.command, step.label, step.carried.image,
                                      step.carried.plugins};
  for (const auto& [name, value] : step.env) texts.push_back(value);
  for (const std::string& rule : step.agent_query_rules) texts.push_back(rule);
  return texts;
}

bool has_dimension(const model::Matrix& matrix, std::string_view name) {
  return std::ranges::find(matrix.dimensions, name, &model::MatrixDimension::name) !=
         matrix.dimensions.end();
}

}  // namespace

model::Matrix read_matrix(ValueReader& values, const YamlNode& value) {
  return MatrixReader(values).read(value);
}

namespace {

/// What is looked through for the tokens of one step. Aliases can stand in each other, so that a
/// short text has no end of values.
constexpr std::size_t kMostLookedAt = 1u << 20;  // bytes

/// Of the first text in `node` that holds `token` as it is.
std::optional<model::SourcePosition> place_of(std::string_view token, const YamlNode& node,
                                              std::size_t& bytes_left) {
  constexpr std::size_t kCostOfNode = 64;  // as that of so many bytes
  const std::size_t cost = node.text.size() + kCostOfNode;
  if (cost > bytes_left) bytes_left = 0;
  if (bytes_left == 0) return std::nullopt;
  bytes_left -= cost;
  if (node.text.find(token) != node.text.npos) return node.at;
  for (const YamlNode* item : node.items) {
    if (const auto found = place_of(token, *item, bytes_left)) return found;
  }
  for (const YamlEntry& entry : node.entries) {
    if (const auto found = place_of(token, *entry.value, bytes_left)) return found;
  }
  return std::nullopt;
}

}  // namespace

void check_matrix_tokens(const model::StepDefinition& step, const YamlNode& node,
                         FaultList& faults) {
  if (!step.matrix) return;
  std::size_t bytes_left = kMostLookedAt;
  for (const std::string_view text : texts_with_tokens(step)) {
    std::size_t from = 0;
    while (const auto token = model::find_matrix_token(text, from)) {
      from = token->end;
      if (has_dimension(*step.matrix, token->dimension)) continue;
      const std::string written(text.substr(token->begin, token->end - token->begin));
      if (faults.is_full()) bytes_left = 0;
      faults.add(place_of(written, node, bytes_left).value_or(step.at),
                 written + " names no dimension of the step's matrix; name one of setup");
    }
  }
}

}  // namespace ostler::pipeline
