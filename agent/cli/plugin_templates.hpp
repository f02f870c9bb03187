// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace ostler::cli {

/// A file of a new plugin; "@NAME@" stands for the plugin's name.
struct TemplateFile {
  std::string_view name;
  std::string_view content;
};

/// The languages that there are templates for.
std::span<const std::string_view> template_languages();
/// The files of a plugin in that language. Requires: it is one of template_languages().
std::span<const TemplateFile> template_files(std::string_view language);

}  // namespace ostler::cli
