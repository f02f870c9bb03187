// SPDX-License-Identifier: Apache-2.0
#include "cli/gate_form.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <iostream>
#include <optional>
#include <utility>

#include "base/joined.hpp"
#include "console/job_words.hpp"
#include "console/plain_text.hpp"
#include "console/terminal.hpp"
#include "pipeline/gate_answer.hpp"

namespace ostler::cli {
namespace {

using console::plain_line;
using console::Style;
using model::GateField;
using model::GateFieldKind;
using model::GateOption;

bool is_at_terminal() { return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1; }

std::string label_of(const GateField& field) {
  return plain_line(field.label.empty() ? field.key : field.label);
}

/// Choices are made by number, value or label, with commas between them.
std::string as_values(const GateField& field, std::string_view line) {
  std::vector<std::string> values;
  while (!line.empty()) {
    std::string_view word = line.substr(0, line.find(','));
    line.remove_prefix(std::min(line.size(), word.size() + 1));
    while (word.starts_with(' ')) word.remove_prefix(1);
    while (word.ends_with(' ')) word.remove_suffix(1);
    if (word.empty()) continue;
    std::size_t number = 0;
    const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), number);
    const bool is_number = fault == std::errc() && end == word.data() + word.size();
    const auto named = std::ranges::find_if(field.options, [&](const GateOption& option) {
      return option.value == word || option.label == word;
    });
    if (named != field.options.end()) {
      values.push_back(named->value);
    } else if (is_number && number >= 1 && number <= field.options.size()) {
      values.push_back(field.options[number - 1].value);
    } else {
      values.emplace_back(word);
    }
  }
  return joined(values, "\n");
}

/// Asks for one field after the other, each until it is answered well.
class Questions {
 public:
  Result<std::string> ask(const GateField& field) {
    show(field);
    while (true) {
      std::cout << (field.kind == GateFieldKind::Select ? "choice" : "answer") << ": "
                << std::flush;
      std::string line;
      if (!std::getline(std::cin, line)) {
        std::cout << std::endl;
        return Error(Errc::UserFault, "no answer to " + label_of(field) + ": nothing was opened");
      }
      std::string answer = field.kind == GateFieldKind::Select ? as_values(field, line) : line;
      if (line.empty()) answer = joined(field.defaults, "\n");
      const auto fault = pipeline::fault_in_answer(field, answer);
      if (!fault) return answer;
      terminal_.print_line(terminal_.styled("it " + plain_line(*fault), Style::Warning));
    }
  }

 private:
  void show(const GateField& field) {
    std::string line = terminal_.styled(label_of(field), Style::Bold);
    if (!field.is_required) line += " (may stay empty)";
    if (field.is_multiple) line += " (one or more, with commas between them)";
    if (!field.defaults.empty()) line += " [" + plain_line(joined(field.defaults, ", ")) + "]";
    terminal_.print_line(line);
    if (!field.hint.empty()) {
      terminal_.print_line("  " + terminal_.styled(plain_line(field.hint), Style::Faint));
    }
    std::size_t number = 0;
    for (const GateOption& option : field.options) {
      terminal_.print_line("  " + std::to_string(++number) + "  " + plain_line(option.label));
    }
  }

  console::Terminal terminal_ = console::Terminal::of_standard_output();
};

Error incomplete(const model::Gate& gate, const std::vector<pipeline::FieldFault>& faults) {
  std::string text = "some fields are missing or wrong; give each with --field KEY=VALUE:";
  for (const auto& [key, fault] : faults) {
    text += "\n  " + plain_line(key) + " " + plain_line(fault);
    const auto field = std::ranges::find(gate.fields, key, &GateField::key);
    if (field == gate.fields.end()) continue;
    text += " (" + label_of(*field) + ")";
    std::vector<std::string> values;
    for (const GateOption& option : field->options) values.push_back(plain_line(option.value));
    if (!values.empty() && fault == "is required") text += ": one of " + joined(values, ", ");
  }
  return Error(Errc::UserFault, text);
}

}  // namespace

Result<GateAnswers> fill_gate_form(const wire::RestJobAnswer& job, GateAnswers given) {
  const model::Gate gate = job.gate.value_or(model::Gate());
  if (is_at_terminal()) {
    std::cout << console::job_title(job) << std::endl;
    if (!gate.prompt.empty()) std::cout << plain_line(gate.prompt) << std::endl;
    Questions questions;
    for (const GateField& field : gate.fields) {
      if (given.contains(field.key)) continue;
      OSTLER_TRY(given[field.key], questions.ask(field));
    }
  }
  const auto answer = pipeline::answer_gate(gate, given);
  if (!answer.faults.empty()) return incomplete(gate, answer.faults);
  return given;
}

Result<GateAnswers> answers_to(const wire::RestJobAnswer& job, const GateAnswers& given) {
  const model::Gate gate = job.gate.value_or(model::Gate());
  GateAnswers own;
  for (const GateField& field : gate.fields) {
    const auto said = given.find(field.key);
    if (said != given.end()) own.insert(*said);
  }
  const auto answer = pipeline::answer_gate(gate, own);
  if (!answer.faults.empty()) return incomplete(gate, answer.faults);
  return own;
}

Result<void> require_asked(const wire::RestBuildAnswer& build, const GateAnswers& given) {
  GateAnswers unasked = given;
  std::vector<std::string> keys;
  for (const wire::RestJobAnswer& job : build.jobs) {
    if (!job.gate) continue;
    for (const GateField& field : job.gate->fields) {
      unasked.erase(field.key);
      keys.push_back(plain_line(field.key));
    }
  }
  if (unasked.empty()) return success();
  return Error(Errc::UserFault, "--field " + plain_line(unasked.begin()->first) +
                                    ": no block or input of this build has such a field" +
                                    (keys.empty() ? "" : "; there are " + joined(keys, ", ")));
}

Result<GateAnswers> read_gate_answers(const std::vector<std::string>& options) {
  GateAnswers answers;
  for (const std::string& option : options) {
    const std::size_t equals = option.find('=');
    if (equals == option.npos || equals == 0) {
      return Error(Errc::UserFault, "--field " + plain_line(option) +
                                        ": write the field's key, \"=\" and its value");
    }
    const auto [place, is_new] =
        answers.emplace(option.substr(0, equals), option.substr(equals + 1));
    if (!is_new) place->second += "\n" + option.substr(equals + 1);
  }
  return answers;
}

}  // namespace ostler::cli
