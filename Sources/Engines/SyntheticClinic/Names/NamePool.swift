// SPDX-License-Identifier: Apache-2.0

/// Given and family names that are commonly heard together.
struct NamePool {
    let feminine: [String]
    let masculine: [String]
    let families: [String]

    init(feminine: String, masculine: String, families: String) {
        self.feminine = NamePool.words(feminine)
        self.masculine = NamePool.words(masculine)
        self.families = NamePool.words(families)
    }

    /// All pools; a town's mixture, so none is more usual than another.
    static let all = western + eastern

    /// The words of a table, separated by spaces; an underscore stands for a space within a name.
    private static func words(_ table: String) -> [String] {
        table.split(separator: " ").map { word in
            String(word.map { $0 == "_" ? " " : $0 })
        }
    }
}

extension NamePool {
    private static let western = [
        NamePool(
            feminine: "Abigail Charlotte Eleanor Grace Harriet Margaret Rosalind",
            masculine: "Arthur Benjamin Edmund Frederick Gregory Theodore Walter",
            families: """
                Ashdown Barrowclough Cobblestead Dunmarsh Elderton Fairbrook Greenhalgh Hollowell Ivesworth Kettleby \
                Larkspur Merriwell Oakhurst
                """),
        NamePool(
            feminine: "Aoife Bronwyn Ciara Fiona Mairead Niamh Siobhan",
            masculine: "Aidan Callum Declan Ewan Fergus Rhys Seamus",
            families: """
                O'Brannigan MacTavery Llewyn Kilpatrick Donnachie Gallowglass Pendaran McAlder O'Sheridan Cairnwell \
                Trevanion Rossmoyne Glenarvon
                """),
        NamePool(
            feminine: "Annika Frieda Greta Ingrid Liesel Saskia Wilhelmina",
            masculine: "Anders Dieter Jürgen Lars Matthias Sören Willem",
            families: """
                Lindqvist Brockmann Van_der_Velden Haugland Steinbrück Sjöberg Kuiperman Østergaard Weissbach \
                Dahlgaard Vogelsang Grünfelder Ekstrand
                """),
        NamePool(
            feminine: "Amélie Beatrice Camille Chiara Élodie Giulia Margaux",
            masculine: "Alessandro Bastien Émile Fabrizio Laurent Matteo Olivier",
            families: """
                Beaumarchand Castelnovo Dufresnoy Fontanelli Lachapelle Montebruno Rossignol Serravalle Vaudreuil \
                Zanetti Perrachon Belcastro Delacroisière
                """),
        NamePool(
            feminine: "Carmen Esperanza Inés Lucía Marisol Paloma Ximena",
            masculine: "Andrés Diego Emilio Joaquín Mateo Rodrigo Thiago",
            families: """
                Alvareda Benavides Cordobés Espinal Figueroa Lagunes Montalvo Noronha Peñaranda Quintanilla Saldivar \
                Valderrama Zamorano
                """),
    ]

    private static let eastern = [
        NamePool(
            feminine: "Agnieszka Danuta Katarina Ludmila Milena Oksana Zsófia",
            masculine: "Bogdan Dmitri Janusz Miroslav Piotr Stanislav Zoltán",
            families: """
                Borowiec Czarnota Dvořáček Horváthy Ivanchuk Jankovics Kowalczyn Lisowska Novotný Petrenko Szabados \
                Vukasek Zelenko
                """),
        NamePool(
            feminine: "Aylin Fatima Layla Maryam Nadia Samira Yasmin",
            masculine: "Amir Farid Hassan Ibrahim Karim Omar Yusuf",
            families: """
                Al-Rashidi Bakhtiari Demirel El-Masry Farahani Haddadin Khoury Mansouri Nasrawi Özdemir Qabbani \
                Tahmasbi Yıldırım
                """),
        NamePool(
            feminine: "Abena Chiamaka Fatou Makena Nomvula Thandiwe Zuri",
            masculine: "Babajide Chidi Jabari Kwame Sipho Tendai Tunde",
            families: """
                Achebe-Dike Adeyemi Boateng Chukwuma Dlaminkosi Kamaura Mbekani Ndiaye Okonjo Owusu Sithole Tshabanga \
                Wanjiru
                """),
        NamePool(
            feminine: "Ananya Deepika Kavita Lakshmi Meera Priyanka Sunita",
            masculine: "Arjun Harish Imran Nikhil Rajesh Sanjay Vikram",
            families: """
                Banerjea Chaudhary Deshmukh Fernandopulle Ganesan Iyengar Krishnan Mukherji Nambiar Patwardhan Rahimtula \
                Subramani Venkatesh
                """),
        NamePool(
            feminine: "Haruka Jia Linh Mei Sakura Soo-ah Xiulan",
            masculine: "Bao Daichi Haoran Hiroshi Jun-seo Kenji Minh",
            families: """
                Aokawa Baek Chen Duong Fujimori Hwang Kanazawa Liang Matsuura Nguyen Ouyang Shimazaki Zhao
                """),
    ]
}
