// SPDX-License-Identifier: Apache-2.0
#pragma once
// What follows reads as written whatever macros the program has.
#include <tfx/base/macros_aside.hpp>
// The ops come first: a refusal of theirs then stands below few lines of "In file included from".
#include <tfx/op.hpp>
// What runs and trains them.
#include <tfx/data/mnist.hpp>
#include <tfx/graph/build.hpp>
#include <tfx/graph/refusal.hpp>
#include <tfx/inspect/graph.hpp>
#include <tfx/inspect/plan.hpp>
#include <tfx/session/session.hpp>
#include <tfx/summary/file_writer.hpp>
#include <tfx/summary/merge.hpp>
#include <tfx/summary/summary_iterator.hpp>
#include <tfx/train.hpp>
#include <tfx/variables/get_variable.hpp>
#include <tfx/variables/matrix_initializers.hpp>
#include <tfx/variables/regularizers.hpp>
// The program's macros again.
#include <tfx/base/macros_back.hpp>
