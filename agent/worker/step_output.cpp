// SPDX-License-Identifier: Apache-2.0
#include "worker/step_output.hpp"

#include <utility>

#include "log/lines.hpp"
#include "worker/step_events.hpp"

namespace ostler::worker {

using plugin_host::Severity;

namespace {

/// A log is kept: it needs no more of them to be read later.
constexpr std::chrono::seconds kBetweenProgressLines{2};

std::string_view without_line_end(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

std::string shown(Severity severity, std::string_view text) {
  switch (severity) {
    case Severity::Debug: return log::comment(text);
    case Severity::Info: return std::string(text);
    case Severity::Warning: return log::warning(text);
    case Severity::Error: return log::error(text);
    case Severity::HostMisbehaving: return log::warning("fault of the host: " + std::string(text));
    case Severity::PluginMisbehaving:
      return log::warning("fault of the plugin: " + std::string(text));
  }
  return std::string(text);
}

/// With a redactor of its own: a secret of several lines is one secret, whatever others write
/// meanwhile.
class RedactedStream final : public plugin_host::StepStream {
 public:
  explicit RedactedStream(JobLog& log) : log_(log), stream_(log.needles()) {}
  ~RedactedStream() override { log_.flush(stream_); }
  void write(std::string_view bytes) override { log_.output(stream_, bytes); }

 private:
  JobLog& log_;
  redact::Redactor stream_;
};

}  // namespace

std::unique_ptr<plugin_host::StepStream> StepOutput::program_output() {
  return std::make_unique<RedactedStream>(log_);
}

void StepOutput::message(Severity severity, std::string_view text) {
  log_.line(shown(severity, without_line_end(text)));
}

void StepOutput::group(plugin_host::GroupStyle style, std::string_view title) {
  log_.line(std::string(plugin_host::prefix_of(style)) + std::string(without_line_end(title)));
}

void StepOutput::progress(const plugin_host::Progress& progress) {
  progress_ = progress;
  if (std::chrono::steady_clock::now() - shown_at_ >= kBetweenProgressLines) show_progress();
}

void StepOutput::confined(const plugin_host::Confinement& confinement) {
  log_.line(log::comment(plugin_host::describe(confinement)));
}

void StepOutput::show_progress() {
  if (!progress_) return;
  shown_at_ = std::chrono::steady_clock::now();
  const auto progress = *std::exchange(progress_, {});
  log_.line(log::comment(plugin_host::describe(progress)));
  link_.post(progress_event(log_, progress));
}

void StepOutput::finish() {
  log_.flush(stream_);
  show_progress();
}

}  // namespace ostler::worker
