// SPDX-License-Identifier: Apache-2.0

/// Keys as hexadecimal text with their phrases.
enum Phrases {
    /// The vectors of 256 bits that BIP-39 refers to.
    static let official = [
        (
            "0000000000000000000000000000000000000000000000000000000000000000",
            "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon "
                + "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon art"
        ),
        (
            "7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f",
            "legal winner thank year wave sausage worth useful legal winner thank year "
                + "wave sausage worth useful legal winner thank year wave sausage worth title"
        ),
        (
            "8080808080808080808080808080808080808080808080808080808080808080",
            "letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd "
                + "amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic bless"
        ),
        (
            "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo "
                + "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo vote"
        ),
        (
            "68a79eaca2324873eacc50cb9c6eca8cc68ea5d936f98787c60c7ebc74e6ce7c",
            "hamster diagram private dutch cause delay private meat slide toddler razor book "
                + "happy fancy gospel tennis maple dilemma loan word shrug inflict delay length"
        ),
        (
            "9f6a2878b2520799a44ef18bc7df394e7061a224d2c33cd015b157d746869863",
            "panda eyebrow bullet gorilla call smoke muffin taste mesh discover soft ostrich "
                + "alcohol speed nation flash devote level hobby quick inner drive ghost inside"
        ),
        (
            "066dca1a2bb7e8a1db2832148ce9933eea0f3ac9548d793112d9a95c9407efad",
            "all hour make first leader extend hole alien behind guard gospel lava "
                + "path output census museum junior mass reopen famous sing advance salt reform"
        ),
        (
            "f585c11aec520db57dd353c69554b21a89b20fb0650966fa0a9d6f74fd989d8f",
            "void come effort suffer camp survey warrior heavy shoot primary clutch crush "
                + "open amazing screen patrol group space point ten exist slush involve unfold"
        ),
    ]

    /// Phrases that the Python package `mnemonic` 0.21 made of random keys.
    static let ofAnotherProgram = [
        (
            "4d8533a7560dd2d0263440a3f2e6d26a66a2aba8da2ffbcf29697c1167302a61",
            "eternal civil truth project tag gym occur marine physical now region state "
                + "health fiction pet echo wink junk fog wealth biology object praise chicken"
        ),
        (
            "81919c83533c0b887770791c06998f46abe54e8cdd5054cf3d40dbb0723b1a63",
            "light mind camp please scheme service tape august bright crumble glow minute "
                + "salad point cricket present feel ketchup expand resist already budget hat knock"
        ),
        (
            "df5858293a9601a1cdea1b543ce9aa0625372faa832b9a160d637006500c459f",
            "tent security apart inside gas special dash drop feature trap hedgehog arrange "
                + "fat oak present grace old race flee theme govern alert biology wire"
        ),
        (
            "40d68c37c6326f7a6573319a40c7472ae5f9015b609fcf309769ba984932028d",
            "dolphin refuse assume midnight cheap rule noise great olympic alert spike fiction "
                + "garbage level horn become song lucky surprise inside loyal october any pen"
        ),
        (
            "1fc6bf90caec3222f06c0523ae075b8e963301156c69cf28b890e21946c0cbc9",
            "cabin curious tomorrow noise segment badge script level casual ice street brush "
                + "glimpse letter fiber minor song easy category service nerve gather connect cause"
        ),
        (
            "8201ea2efba3756695e6acc2691ab2452ebc0a3cf47a48970347bab34b0975dd",
            "link aunt merry warrior dance rebuild fiscal stereo second emotion prosper medal "
                + "type agree video monster embrace retreat spin install cruise lucky student rose"
        ),
        (
            "e57ec8c694972afc89b440ee78f842b5a7483f891361bdc86d9df15b45418c0c",
            "tornado wagon coyote circle increase layer chat marine unveil sick awful hero "
                + "innocent cabin cattle history saddle drop guess tired reform patch coral maid"
        ),
        (
            "2757ad8c7da22b4a878431439b26fd1416f3f1c830449fd657e9e2f74e5b6167",
            "chef runway glide win cargo pipe bulk mail drum summer satisfy choice "
                + "hundred wedding camp ancient panther razor whip shine insane color machine water"
        ),
        (
            "943c61e4cdef229c3a6f699c6a93dff230ba7d5ebe954d05abc14b9141215b12",
            "neither toast junior orange vendor evoke trust unfold organ fee wave tongue "
                + "arm dirt kit sport escape coil utility now beef mouse hobby fuel"
        ),
        (
            "3b8fd52d62e2e3d016595830fe98517c8c773c30e4ddab79551ce72d0c920f82",
            "describe leaf ensure shift comfort trend floor climb couch visit begin weekend "
                + "shuffle own seminar option problem skirt elbow soft speak empower dignity female"
        ),
    ]
}
