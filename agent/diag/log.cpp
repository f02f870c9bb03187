// SPDX-License-Identifier: Apache-2.0
#include "diag/log.hpp"

#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "base/clock.hpp"

namespace ostler::diag {
namespace {

Format g_format = Format::Text;  // written once by set_up_log, before any thread

/// spdlog has no level between info and warn: notice is printed as its info, info as its debug.
spdlog::level::level_enum native_level(Level level) {
  switch (level) {
    case Level::Debug: return spdlog::level::trace;
    case Level::Info: return spdlog::level::debug;
    case Level::Notice: return spdlog::level::info;
    case Level::Warn: return spdlog::level::warn;
    case Level::Error: return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::string_view level_name(Level level) {
  switch (level) {
    case Level::Debug: return "debug";
    case Level::Info: return "info";
    case Level::Notice: return "notice";
    case Level::Warn: return "warn";
    case Level::Error: return "error";
  }
  return "error";
}

bool needs_quotes(std::string_view value) {
  if (value.empty()) return true;
  for (const char c : value) {
    if (c == ' ' || c == '"' || c == '=' || static_cast<unsigned char>(c) < 0x20) return true;
  }
  return false;
}

std::string as_json_text(std::string_view value) {
  return nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string text_line(Level level, std::string_view message, Fields fields) {
  std::string line = format_rfc3339(SystemClock().now()) + " ";
  line += level_name(level);
  line.resize(32, ' ');
  line += message;
  for (const auto& [key, value] : fields) {
    line.append(" ").append(key).append("=");
    line += needs_quotes(value) ? as_json_text(value) : value;
  }
  return line;
}

std::string json_line(Level level, std::string_view message, Fields fields) {
  std::string line = "{\"ts\":\"" + format_rfc3339(SystemClock().now()) + "\",\"level\":\"";
  line.append(level_name(level)).append("\",\"msg\":").append(as_json_text(message));
  for (const auto& [key, value] : fields) {
    line.append(",").append(as_json_text(key)).append(":").append(as_json_text(value));
  }
  return line + "}";
}

}  // namespace

void set_up_log(const LogOptions& options) {
  g_format = options.format;
  spdlog::sink_ptr sink;
  if (options.format == Format::Json) {
    sink = std::make_shared<spdlog::sinks::stdout_sink_mt>();
    sink->set_pattern("%v");
  } else if (options.color) {
    sink = std::make_shared<spdlog::sinks::ansicolor_stderr_sink_mt>(spdlog::color_mode::always);
    sink->set_pattern("%^%v%$");
  } else {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    sink->set_pattern("%v");
  }
  auto logger = std::make_shared<spdlog::logger>("ostler", std::move(sink));
  logger->set_level(native_level(options.level));
  logger->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(std::move(logger));
}

bool parse_level(std::string_view text, Level& level) {
  for (const Level candidate :
       {Level::Debug, Level::Info, Level::Notice, Level::Warn, Level::Error}) {
    if (text != level_name(candidate)) continue;
    level = candidate;
    return true;
  }
  if (text != "fatal") return false;
  level = Level::Error;
  return true;
}

void log(Level level, std::string_view message, Fields fields) {
  auto* logger = spdlog::default_logger_raw();
  const auto native = native_level(level);
  if (!logger->should_log(native)) return;
  const std::string line = g_format == Format::Json ? json_line(level, message, fields)
                                                    : text_line(level, message, fields);
  logger->log(native, spdlog::string_view_t(line));
}

}  // namespace ostler::diag
