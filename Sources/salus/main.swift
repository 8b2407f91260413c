// SPDX-License-Identifier: Apache-2.0

import Server

await SalusProgram.run()
