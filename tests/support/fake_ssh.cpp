// SPDX-License-Identifier: Apache-2.0
#include "support/fake_ssh.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace ostler::support {
namespace {

namespace fs = std::filesystem;

// "behaviour" is read anew in each call and may end the program.
constexpr std::string_view kProgram = R"(#!/bin/sh
notes=${0%/*}
printf '%s\n' "$@" > "$notes/arguments.new"
echo $$ > "$notes/pid.new"
for name in arguments pid; do mv "$notes/$name.new" "$notes/$name"; done
echo call >> "$notes/calls"
while [ $# -gt 2 ]; do
  case $1 in
    -o|-p|-i) shift 2 ;;
    *) echo "unknown option $1" >&2; exit 255 ;;
  esac
done
. "$notes/behaviour"
exec sh -c "$2"
)";

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

void write(const fs::path& file, std::string_view text) {
  const fs::path made = file.string() + ".new";
  std::ofstream(made) << text;
  fs::rename(made, file);
}

}  // namespace

FakeSsh::FakeSsh(fs::path directory) : directory_(std::move(directory)) {
  fs::create_directories(directory_);
  write(program(), kProgram);
  fs::permissions(program(), fs::perms(0755));
  recover();
}

void FakeSsh::behave(const std::string& script) const { write(directory_ / "behaviour", script); }

void FakeSsh::recover() const { behave(":\n"); }

void FakeSsh::fail_with(const std::string& text, int status) const {
  behave("printf '%s\\n' " + quoted(text) + " >&2\nexit " + std::to_string(status) + "\n");
}

void FakeSsh::fail_times(int calls_) const {
  behave("if [ $(wc -l < \"$notes/calls\") -le " + std::to_string(calls() + calls_) +
         " ]; then echo 'kex_exchange_identification: Connection closed by remote host' >&2;"
         " exit 255; fi\n");
}

void FakeSsh::fall_silent() const { behave("exec sleep 600\n"); }

void FakeSsh::cut_after(int bytes) const {
  behave(
      "exec 3<&0; rm -f \"$notes/out\"; mkfifo \"$notes/out\"\n"
      "sh -c \"exec $2\" <&3 >\"$notes/out\" 2>/dev/null & served=$!\n"
      "dd bs=1 count=" +
      std::to_string(bytes) +
      " <\"$notes/out\" 2>/dev/null; kill -KILL $served; wait\n"
      "echo 'client_loop: send disconnect: Broken pipe' >&2; exit 255\n");
}

int FakeSsh::calls() const {
  const std::string lines = note("calls");
  return static_cast<int>(std::count(lines.begin(), lines.end(), '\n'));
}

std::vector<std::string> FakeSsh::arguments() const {
  std::vector<std::string> words;
  std::istringstream lines(note("arguments"));
  for (std::string line; std::getline(lines, line);) words.push_back(line);
  return words;
}

int FakeSsh::pid() const { return std::atoi(note("pid").c_str()); }

std::string FakeSsh::note(const std::string& name) const {
  std::ostringstream text;
  text << std::ifstream(directory_ / name).rdbuf();
  return text.str();
}

}  // namespace ostler::support
