// SPDX-License-Identifier: Apache-2.0
#include "cli/case_transcript.hpp"

#include <algorithm>

#include "cli/plugin_log.hpp"

namespace ostler::cli {
namespace {

/// More is cut off: what a case says is kept in memory, and compared.
constexpr std::size_t kMostSaid = 4u << 20;

}  // namespace

void CaseTranscript::message(plugin_host::Severity severity, std::string_view text) {
  line(std::string(severity_prefix(severity)) + std::string(text));
}

void CaseTranscript::group(plugin_host::GroupStyle style, std::string_view title) {
  line(std::string(plugin_host::prefix_of(style)) + std::string(title));
}

void CaseTranscript::progress(const plugin_host::Progress& progress) {
  line(plugin_host::describe(progress));
}

void CaseTranscript::take(std::string& into, std::string_view text) {
  into += text.substr(0, kMostSaid - std::min(kMostSaid, into.size()));
}

}  // namespace ostler::cli
