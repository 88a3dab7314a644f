// SPDX-License-Identifier: Apache-2.0
#pragma once
// What follows reads as written whatever macros the program has.
#include <tfx/base/macros_aside.hpp>
// The library.
#include <tfx/data/mnist.hpp>
#include <tfx/graph/build.hpp>
#include <tfx/graph/inspect.hpp>
#include <tfx/graph/refusal.hpp>
#include <tfx/op.hpp>
#include <tfx/session/planned.hpp>
#include <tfx/session/session.hpp>
#include <tfx/train.hpp>
// The program's macros again.
#include <tfx/base/macros_back.hpp>
