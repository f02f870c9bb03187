// SPDX-License-Identifier: Apache-2.0
#include "pipeline/yaml_document.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <unordered_map>
#include <utility>

#include "base/utf8.hpp"
#include "pipeline/quoted_scalar.hpp"
#include "pipeline/scalar_text.hpp"
#include "pipeline/yaml_merge.hpp"

namespace ostler::pipeline {
namespace {

constexpr std::size_t kLargestText = 4u << 20;
constexpr std::size_t kDeepest = 64;
constexpr std::size_t kMostNodes = 500'000;
constexpr std::size_t kMostDocuments = 500;  // a build takes no more uploads

model::SourcePosition position_of(const YAML::Mark& mark) {
  return {mark.line + 1, mark.column + 1};
}

std::string_view advice_for(std::string_view message) {
  constexpr std::pair<std::string_view, std::string_view> kAdvice[] = {
      {"illegal map value", "put a text that holds \": \" in quotes"},
      {"end of map not found", "line the key up with the keys above it, or quote the text"},
      {"end of sequence not found", "line the \"-\" up with those above it"},
      {"end of map flow not found", "close the { with a }"},
      {"end of sequence flow not found", "close the [ with a ]"},
      {"a quote that does not end", "close it with the same quote"},
      {"illegal tab when looking for indentation", "indent with spaces"},
      {"the referenced anchor is not defined", "define it above with &name"},
      {"more than 500", "split the pipeline"},
  };
  for (const auto& [known, advice] : kAdvice) {
    if (message.starts_with(known)) return advice;
  }
  return "mend the YAML there";
}

bool is_text_tag(std::string_view tag) { return tag == "!" || tag == "tag:yaml.org,2002:str"; }

bool is_known_tag(std::string_view tag) {
  if (tag.empty() || tag == "?" || tag == "!") return true;
  constexpr std::string_view kCore = "tag:yaml.org,2002:";
  if (!tag.starts_with(kCore)) return false;
  tag.remove_prefix(kCore.size());
  for (const std::string_view name : {"str", "int", "float", "bool", "null", "seq", "map"}) {
    if (tag == name) return true;
  }
  return false;
}

}  // namespace

/// Builds the nodes of one document after the other from the parser's events. A fault that makes
/// the rest meaningless is thrown as the parser's own exception and caught in `read_yaml`.
class YamlBuilder final : public YAML::EventHandler {
 public:
  YamlBuilder(std::string_view text, FaultList& faults)
      : text_(text), document_(std::make_unique<YamlDocument>()), faults_(faults), merge_(faults) {}

  /// The document that was read; what is read now goes into another one.
  std::unique_ptr<YamlDocument> take() {
    anchors_.clear();
    return std::exchange(document_, std::make_unique<YamlDocument>());
  }

  /// Where the last scalar begins; the text's beginning when there is none.
  const YAML::Mark& last_scalar() const { return last_scalar_; }

  /// Where the document begins.
  const YAML::Mark& start() const { return start_; }

  void OnDocumentStart(const YAML::Mark& mark) override { start_ = mark; }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    attach(make_node(YamlNode::Kind::Null, mark, anchor));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const YamlNode& target = *anchors_.at(anchor);
    for (const Frame& frame : open_) {
      if (frame.node == &target) {
        throw YAML::ParserException(mark, "an alias refers to what it stands in");
      }
    }
    attach(target, position_of(mark));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_tag(mark, tag);
    YamlNode& node = make_node(YamlNode::Kind::Scalar, mark, anchor);
    node.text = value;
    node.plain = !is_text_tag(tag);
    node.quoted = is_quote_at(mark);
    last_scalar_ = mark;
    attach(node);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::Sequence, mark, tag, anchor);
  }

  void OnSequenceEnd() override { attach(close()); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::Mapping, mark, tag, anchor);
  }

  void OnMapEnd() override {
    open_.back().node->entries = merge_.entries_of(open_.back().written);
    if (merge_.is_over_limit()) {
      throw YAML::ParserException(YAML::Mark::null_mark(),
                                  "<< merges more than 500000 keys or 64 MiB of them");
    }
    attach(close());
  }

 private:
  bool is_quote_at(const YAML::Mark& mark) const {
    const auto at = static_cast<std::size_t>(mark.pos);
    return at < text_.size() && (text_[at] == '"' || text_[at] == '\'');
  }

  struct Frame {
    YamlNode* node;
    std::optional<WrittenEntry> key;    ///< of a mapping, its value still to come
    bool is_key_unreadable = false;     ///< that one, so that its value counts for nothing
    std::vector<WrittenEntry> written;  ///< of a mapping, before merges
  };

  void check_tag(const YAML::Mark& mark, const std::string& tag) {
    if (!is_known_tag(tag)) faults_.add(position_of(mark), "unknown tag " + tag + "; remove it");
  }

  YamlNode& make_node(YamlNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (nodes_++ == kMostNodes) throw YAML::ParserException(mark, "more than 500000 values");
    YamlNode& node = document_->nodes_.emplace_back();
    node.kind = kind;
    node.at = position_of(mark);
    if (anchor != YAML::NullAnchor) {
      node.holds_anchor = true;
      anchors_[anchor] = &node;
    }
    return node;
  }

  void open(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor) {
    check_tag(mark, tag);
    if (open_.size() == kDeepest) throw YAML::ParserException(mark, "more than 64 levels deep");
    open_.push_back({.node = &make_node(kind, mark, anchor), .key = {}, .written = {}});
  }

  const YamlNode& close() {
    const YamlNode& node = *open_.back().node;
    open_.pop_back();
    return node;
  }

  void attach(const YamlNode& node) { attach(node, node.at); }

  void attach(const YamlNode& node, model::SourcePosition at) {
    if (open_.empty()) {
      document_->root_ = &node;
      return;
    }
    Frame& frame = open_.back();
    frame.node->holds_anchor |= node.holds_anchor;
    if (frame.node->kind == YamlNode::Kind::Sequence) {
      frame.node->items.push_back(&node);
    } else if (!frame.key) {
      frame.is_key_unreadable = node.kind != YamlNode::Kind::Scalar;
      frame.key = key_from(node, at);
    } else if (frame.is_key_unreadable) {
      frame.key.reset();
    } else {
      frame.written.push_back(*std::exchange(frame.key, std::nullopt));
      frame.written.back().entry.value = &node;
    }
  }

  WrittenEntry key_from(const YamlNode& node, model::SourcePosition at) {
    if (node.kind != YamlNode::Kind::Scalar) {
      faults_.add(at, "a key must be text; write it as a word or in quotes");
      return {{"", at}, false};
    }
    if (!node.plain) return {{node.text, at}, false};
    return {{key_text(node.text), at}, node.text == "<<"};
  }

  std::string_view text_;
  std::unique_ptr<YamlDocument> document_;
  FaultList& faults_;
  std::size_t nodes_ = 0;  ///< of all documents
  YAML::Mark start_;
  YAML::Mark last_scalar_;
  std::vector<Frame> open_;
  std::unordered_map<YAML::anchor_t, const YamlNode*> anchors_;
  YamlMerge merge_;
};

namespace {

model::SourcePosition position_of(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, byte);
  const auto line_start = before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1;
  return {static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
          static_cast<int>(byte - line_start) + 1};
}

bool is_readable(std::string_view text, FaultList& faults) {
  if (text.size() > kLargestText) {
    faults.add(position_of(text, kLargestText), "is larger than 4 MiB; split the pipeline");
    return false;
  }
  const std::size_t valid = valid_utf8_prefix(text);
  if (valid == text.size()) return true;
  faults.add(position_of(text, valid), "a byte that is not UTF-8 text; save the file as UTF-8");
  return false;
}

bool is_indented_by_tab(std::string_view text, int line) {
  for (int i = 1; i < line; ++i) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  const std::string_view indent = text.substr(0, text.find_first_not_of(" \t"));
  return indent.find('\t') != indent.npos;
}

void refuse_unclosed_quote(const YAML::Mark& last_scalar, std::string_view text) {
  const auto at = static_cast<std::size_t>(last_scalar.pos);
  if (at < text.size() && is_unclosed_quote(text.substr(at))) {
    throw YAML::ParserException(last_scalar, "a quote that does not end");
  }
}

void complain(const YAML::Exception& error, std::string_view text, FaultList& faults) {
  const model::SourcePosition at = position_of(error.mark);
  if (is_indented_by_tab(text, at.line)) {
    return faults.add(at, "unreadable YAML: a tab in the indentation; indent with spaces");
  }
  faults.add(at, "unreadable YAML: " + error.msg + "; " + std::string(advice_for(error.msg)));
}

bool is_empty(const YamlDocument& document) { return document.root().kind == YamlNode::Kind::Null; }

/// Appends the documents that are read. Throws what yaml-cpp throws.
void read_documents(std::string_view text, FaultList& faults,
                    std::vector<std::unique_ptr<YamlDocument>>& documents) {
  std::istringstream stream{std::string(text)};
  YAML::Parser parser(stream);
  YamlBuilder builder(text, faults);
  int last_start = -1;
  while (parser.HandleNextDocument(builder)) {
    // yaml-cpp stays for ever where a document ends and no other can begin: "{a: b}, {c: d}".
    if (std::exchange(last_start, builder.start().pos) == builder.start().pos) {
      throw YAML::ParserException(builder.start(), "text behind the end of the document");
    }
    if (documents.size() == kMostDocuments) {
      throw YAML::ParserException(builder.start(), "more than 500 documents");
    }
    documents.push_back(builder.take());
  }
  if (!documents.empty()) refuse_unclosed_quote(builder.last_scalar(), text);
}

}  // namespace

std::vector<std::unique_ptr<YamlDocument>> read_yaml(std::string_view text, FaultList& faults) {
  std::vector<std::unique_ptr<YamlDocument>> documents;
  if (!is_readable(text, faults)) return documents;
  try {
    read_documents(text, faults, documents);
  } catch (const YAML::Exception& error) {
    complain(error, text, faults);
    return {};
  }
  const auto is_filler = [](const auto& document) { return is_empty(*document); };
  if (!std::ranges::all_of(documents, is_filler)) std::erase_if(documents, is_filler);
  if (documents.size() > 1 && is_empty(*documents.front())) documents.resize(1);
  return documents;
}

}  // namespace ostler::pipeline
