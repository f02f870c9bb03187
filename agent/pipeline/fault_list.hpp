// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "model/pipeline_definition.hpp"

namespace ostler::pipeline {

/// Everything found wrong with one text, so that its author can mend it in one go.
class FaultList {
 public:
  /// How a fault says where it is.
  enum class Naming : std::uint8_t {
    Places,  ///< by line and column
    Steps,   ///< by the step it is in: the author never saw the text as it is read here
  };

  struct Fault {
    model::SourcePosition at;  ///< line 0: nowhere in particular
    std::string line;          ///< place, what is wrong and what to do
    std::string reason;        ///< the same without the place
    std::size_t step = 0;      ///< in which it is, counted from 1; 0: in none
  };

  /// `file` names the text in each fault.
  explicit FaultList(std::string_view file, Naming naming = Naming::Places)
      : file_(file), naming_(naming) {}

  /// Faults that are added from now on are in this step, counted from 1; 0: in none.
  void enter_step(std::size_t number) { step_ = number; }

  /// `text` says what is wrong and what to do: "<what>; <what to do>".
  void add(model::SourcePosition at, std::string_view text);

  /// Counts faults that are known by their number alone.
  void leave_out(std::size_t count) { more_ += count; }

  /// What the step of that number is called, for faults that are named by it. Empty: nothing.
  void name_step(std::size_t number, std::string_view name);

  /// Adds the faults of another list about the same text.
  void take(const FaultList& other);

  /// Whether faults say where they are by line and column.
  bool names_places() const { return naming_ == Naming::Places; }
  bool empty() const { return faults_.empty(); }
  /// All of them, those that are only counted included.
  std::size_t count() const { return faults_.size() + more_; }
  /// Whether further faults are only counted, so that a costly text is not worth making.
  bool is_full() const;
  /// UserFault with one line per fault in the order of the text; the first hundred, then a count.
  Error error() const;
  /// The first hundred, in the order of the text.
  std::vector<Fault> in_order() const;
  /// "pipeline.yml: and 7 more faults" behind those; empty when they are all.
  std::string rest() const;

 private:
  void keep(Fault fault);
  std::string words_of_step() const;

  std::string file_;
  Naming naming_;
  std::size_t step_ = 0;
  std::map<std::size_t, std::string> step_names_;
  std::vector<Fault> faults_;
  std::size_t more_ = 0;
};

}  // namespace ostler::pipeline
