// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

// The program's own log, for the people who run it: one event per line on standard error,
// lower case, key=value fields. Job output never passes here.
namespace ostler::diag {

enum class Level { Debug, Info, Notice, Warn, Error };
enum class Format { Text, Json };

struct LogOptions {
  Level level = Level::Notice;
  Format format = Format::Text;
  bool color = false;
};

using Field = std::pair<std::string_view, std::string>;
using Fields = std::initializer_list<Field>;

/// Sets level, format and colour of the process. Called once from main, before any thread.
void set_up_log(const LogOptions& options);

/// Reads debug, info, notice, warn, error (and fatal, the same as error). False if it is none.
bool parse_level(std::string_view text, Level& level);

/// Thread-safe. Does not block longer than a write to standard error.
void log(Level level, std::string_view message, Fields fields = {});

inline void debug(std::string_view message, Fields fields = {}) {
  log(Level::Debug, message, fields);
}
inline void info(std::string_view message, Fields fields = {}) {
  log(Level::Info, message, fields);
}
inline void notice(std::string_view message, Fields fields = {}) {
  log(Level::Notice, message, fields);
}
inline void warn(std::string_view message, Fields fields = {}) {
  log(Level::Warn, message, fields);
}
inline void error(std::string_view message, Fields fields = {}) {
  log(Level::Error, message, fields);
}

}  // namespace ostler::diag
