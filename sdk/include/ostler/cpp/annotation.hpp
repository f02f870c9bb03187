// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostler/services.h>

#include <ostler/cpp/call.hpp>
#include <string>

namespace ostler {

/// Markdown beside the build; see ostler_annotation.
struct Annotation {
  std::string context;
  std::string body;
  std::string style = "info";  ///< "success", "info", "warning" or "error"
  int priority = 3;            ///< 1 to 10, which is shown first
  bool append = false;
  bool of_job = false;
};

namespace detail {

/// Borrows the texts of `annotation`.
inline ostler_annotation_t table_of(const Annotation& annotation) {
  ostler_annotation_t table{};
  table.struct_size = sizeof table;
  table.priority = annotation.priority;
  table.append = annotation.append ? 1 : 0;
  table.of_job = annotation.of_job ? 1 : 0;
  table.context = to_text(annotation.context);
  table.style = to_text(annotation.style);
  table.body = to_text(annotation.body);
  return table;
}

}  // namespace detail

}  // namespace ostler
