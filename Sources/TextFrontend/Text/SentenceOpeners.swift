/// What the first word after an abbreviation's full stop says about it: does a sentence begin?
enum SentenceOpeners {
    /// Words that open a sentence and are not names.
    static let words: Set<String> = [
        "Many", "Most", "However", "Meanwhile", "People", "Another", "Such", "Since", "While", "Although", "Because",
        "Each", "Every", "Both", "Several", "Today", "Please", "Thank", "Thanks", "Bring", "Turn", "Take", "Go", "Do",
        "Don't", "Is", "Are", "Was", "Were", "Can", "Will", "Would", "Could", "Should", "Let", "Have", "Has", "Had",
        "Did", "Does", "Keep", "Come", "See", "Stop", "Walk", "Drive", "Head", "Continue", "Make", "Look", "Meet",
        "Ask", "Give", "Try", "Use", "Call", "Check", "Also", "Until", "Once", "Their", "Only", "Just", "Still", "Even",
        "Maybe", "Perhaps", "Later", "Soon", "Next", "Finally", "First", "Everyone", "Nobody", "Someone", "Something",
        "Everything", "Nothing", "It's", "I'm", "He's", "She's", "That's", "There's", "We're", "They're", "You're",
        "What's", "Who's", "Let's", "I'll", "We'll", "I've", "We've", "Your", "Are", "Instead",
    ]
    /// Abbreviations that end a company's name, or a list.
    static let companies: Set<String> = ["Inc", "Ltd", "Corp", "LLC", "etc", "Jr", "Sr", "Esq"]
    /// What stands between a company's name and a person's.
    static let roles: Set<String> = [
        "Chairman", "Chairwoman", "President", "Chief", "Director", "Executive", "Vice", "Spokesman", "Spokeswoman",
        "Founder", "Chair", "Treasurer", "Partner", "Group", "Holdings", "Board", "Pictures", "Records", "Building",
        "High", "Day",
    ]
    private static let clocked: Set<String> = [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January", "February", "March",
        "April", "May", "June", "July", "August", "September", "October", "November", "December", "Eastern", "Pacific",
        "Central", "Mountain", "Greenwich", "Mon", "Tue", "Tues", "Wed", "Thu", "Thurs", "Fri", "Sat", "Sun", "Jan",
        "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec", "London", "Tokyo", "Beijing",
        "Moscow", "Paris", "Berlin",
    ]

    /// 5 p.m. Monday, 9 a.m. Eastern, 3 p.m. EST
    static func followsClock(_ word: String) -> Bool {
        clocked.contains(word) || word.utf8.count > 1 && word == word.uppercased()
    }
}
