// SPDX-License-Identifier: Apache-2.0
// `ostler completion bash|zsh|fish`: scripts that ask `ostler complete` what could come next, so
// that they know what this very program knows.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <set>
#include <sstream>

#include "cli/exit.hpp"
#include "cli/job_commands.hpp"
#include "cli/option_listing.hpp"
#include "cli/options.hpp"
#include "cli/run_functions.hpp"
#include "cli/run_with_server.hpp"
#include "cli/value_completion.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kCompletionExamples =
    "Examples:\n"
    "  source <(ostler completion bash)          in ~/.bashrc\n"
    "  source <(ostler completion zsh)           in ~/.zshrc, after compinit\n"
    "  ostler completion fish > ~/.config/fish/completions/ostler.fish\n";

constexpr std::string_view kBash = R"script(_ostler() {
  local IFS=$'\n' word=${COMP_WORDS[COMP_CWORD]} found
  [[ $word == = ]] && word=
  found=$(ostler complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  COMPREPLY=($(compgen -W "$found" -- "$word"))
}
complete -o default -o bashdefault -F _ostler ostler
)script";
constexpr std::string_view kZsh = R"script(#compdef ostler
_ostler() {
  local -a found
  found=(${(f)"$(ostler complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( ${#found} )); then compadd -a found; else _files; fi
}
compdef _ostler ostler
)script";
constexpr std::string_view kFish = R"script(function __ostler_complete
  set -l words (commandline -opc)
  ostler complete -- $words[2..-1] (commandline -ct) 2>/dev/null
end
complete -c ostler -a '(__ostler_complete)'
)script";

/// What could stand at one place, sorted, each once.
using Candidates = std::set<std::string, std::less<>>;

/// Commands for people, and those of jobs.
template <class Visit>
void for_each_listed(Visit visit) {
  for (const auto table : {commands(), job_commands()}) {
    for (const Command& command : table) {
      if (!command.summary.empty()) visit(command);
    }
  }
}

Candidates first_words() {
  Candidates words;
  for_each_listed([&](const Command& command) {
    words.emplace(command.name.substr(0, command.name.find(' ')));
  });
  return words;
}

Candidates second_words_of(std::string_view first) {
  Candidates words;
  for_each_listed([&](const Command& command) {
    if (!command.name.starts_with(first)) return;
    const std::string_view rest = command.name.substr(first.size());
    if (rest.starts_with(' ')) words.emplace(rest.substr(1));
  });
  return words;
}

const Command* listed_command(const Arguments& words) {
  const Command* command = find_command(commands(), words);
  if (command == nullptr) command = find_command(job_commands(), words);
  return command != nullptr && !command->summary.empty() ? command : nullptr;
}

int ask_parser(const Command& command, const Arguments& question) {
  if (const auto* alone = std::get_if<RunAlone>(&command.run)) return (*alone)(question);
  return run_with_server(std::get<RunWithServer>(command.run), question);
}

/// The words, each once, behind what stands before them already.
int print_words(const Candidates& words, std::string_view before = {}) {
  for (const std::string& word : words) std::cout << before << word << "\n";
  return kExitOk;
}

/// The values of an option, or of the command's arguments when it is empty.
Candidates values_of(const Command& command, const std::string& option, const Arguments& words) {
  std::ostringstream known;
  auto* const terminal = std::cout.rdbuf(known.rdbuf());
  ask_parser(command, {std::string(kListOptions), option});
  std::cout.rdbuf(terminal);
  Candidates values;
  std::istringstream lines(known.str());
  for (std::string line; std::getline(lines, line);) values.insert(line);
  if (!values.empty()) return values;
  const auto offered = offered_values(command.name, option, words);
  return {offered.begin(), offered.end()};
}

/// `last` stands behind the words that name the command and its options.
int complete_word_of(const Command& command, Arguments words, const std::string& last) {
  if (!words.empty() && words.back() == "=") words.pop_back();  // bash takes it for a word
  const std::size_t equals = last.find('=');
  if (last.starts_with("--") && equals != last.npos) {
    return print_words(values_of(command, last.substr(0, equals), words),
                       last.substr(0, equals + 1));
  }
  if (last.starts_with('-')) return ask_parser(command, {std::string(kListOptions)});
  const bool follows_option = !words.empty() && words.back().starts_with("--");
  return print_words(values_of(command, follows_option ? words.back() : "", words));
}

}  // namespace

int run_complete(const Arguments& arguments) {
  Arguments words = arguments;
  if (!words.empty() && words.front() == "--") words.erase(words.begin());
  std::string last = words.empty() ? "" : words.back();
  if (!words.empty()) words.pop_back();
  if (words.empty()) return print_words(first_words());
  if (last == "=") last.clear();
  const Command* command = listed_command(words);
  const Candidates seconds = second_words_of(words.front());
  const bool is_second = words.size() == 1 && !last.starts_with('-') && !seconds.empty();
  if (is_second) return print_words(seconds);
  return command == nullptr ? kExitOk : complete_word_of(*command, std::move(words), last);
}

int run_completion(const Arguments& arguments) {
  std::string shell;
  CLI::App app("Prints a script that makes a shell complete the words of ostler", "completion");
  app.add_option("SHELL", shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  app.footer(kCompletionExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  std::cout << (shell == "bash" ? kBash : shell == "zsh" ? kZsh : kFish);
  return kExitOk;
}

}  // namespace ostler::cli
