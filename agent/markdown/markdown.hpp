// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ostler::markdown {

/// GitHub's Markdown (CommonMark with tables, task lists, struck text and bare addresses) as HTML
/// that may stand in a page of ours: tags in the text are shown as they were written, and only
/// http, https, mailto, artifact and relative addresses become links. A text whose HTML would be
/// more than ten times as long is shown as it is written, in a `pre`. Takes time in proportion to
/// its length, about 10 to 100 ms for 1 MiB.
std::string html_of(std::string_view text);

}  // namespace ostler::markdown
