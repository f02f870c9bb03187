// SPDX-License-Identifier: Apache-2.0
#include "cli/plugin_log.hpp"

#include <utility>

#include "console/plain_text.hpp"

namespace ostler::cli {

using plugin_host::GroupStyle;
using plugin_host::Severity;

namespace {

constexpr std::chrono::milliseconds kBetweenProgress{250};
constexpr std::size_t kLongestRest = 64 << 10;

}  // namespace

std::string_view severity_prefix(Severity severity) {
  switch (severity) {
    case Severity::Debug: return "debug: ";
    case Severity::Info: return "";
    case Severity::Warning: return "warning: ";
    case Severity::Error: return "error: ";
    case Severity::HostMisbehaving: return "fault of the host: ";
    case Severity::PluginMisbehaving: return "fault of the plugin: ";
  }
  return "";
}

void PluginLog::print(std::string_view lines, std::string_view prefix) {
  while (!lines.empty() && lines.back() == '\n') lines.remove_suffix(1);
  for (bool more = true; more;) {
    const std::size_t end = lines.find('\n');
    more = end != lines.npos;
    terminal_.print_line(std::string(prefix) + console::plain_line(lines.substr(0, end)));
    if (more) lines.remove_prefix(end + 1);
  }
}

void PluginLog::output(std::string_view bytes) {
  show_progress();
  rest_ += bytes;
  const std::size_t end = rest_.rfind('\n');
  if (end != rest_.npos) {
    print(std::string_view(rest_).substr(0, end));
    rest_.erase(0, end + 1);
  }
  if (rest_.size() > kLongestRest) print(std::exchange(rest_, {}));
}

void PluginLog::message(Severity severity, std::string_view text) {
  show_progress();
  print(text, severity_prefix(severity));
}

void PluginLog::group(GroupStyle style, std::string_view title) {
  show_progress();
  print(title, plugin_host::prefix_of(style));
}

void PluginLog::progress(const plugin_host::Progress& progress) {
  progress_ = plugin_host::describe(progress);
  if (std::chrono::steady_clock::now() - shown_at_ >= kBetweenProgress) show_progress();
}

void PluginLog::confined(const plugin_host::Confinement& confinement) {
  print(plugin_host::describe(confinement), plugin_host::prefix_of(GroupStyle::Muted));
}

boost::asio::awaitable<void> PluginLog::room() { co_return; }

void PluginLog::show_progress() {
  if (progress_.empty()) return;
  shown_at_ = std::chrono::steady_clock::now();
  print(std::exchange(progress_, {}));
}

void PluginLog::finish() {
  show_progress();
  if (!rest_.empty()) print(std::exchange(rest_, {}));
}

}  // namespace ostler::cli
