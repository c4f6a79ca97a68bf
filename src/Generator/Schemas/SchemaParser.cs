namespace Penstock.Generator.Schemas;

/// <summary>Parses the fields of a schema.</summary>
/// <param name="text">The schema.</param>
/// <param name="start">The position of its first brace.</param>
internal sealed class SchemaParser(string text, int start)
{
    private const int MaxDepth = 200;

    private int _at = start;
    private int _upgrades;
    private int _depth;

    /// <summary>Parses fields in braces, up to the end.</summary>
    /// <exception cref="FormatException">The text has another form.</exception>
    public SchemaType ReadFields()
    {
        var fields = Fields();
        return _at == text.Length ? fields : throw Wrong("the end");
    }

    private SchemaType Fields()
    {
        Expect('{');
        var fields = new List<SchemaField>();
        while (!Takes('}'))
        {
            if (fields.Count > 0)
            {
                Expect(';');
            }

            fields.Add(Field());
        }

        return new SchemaType(SchemaKind.Record, "", [], fields);
    }

    private SchemaField Field()
    {
        var name = Word();
        var former = new List<string>();
        while (Takes('|'))
        {
            former.Add(Word());
        }

        var upgrades = new List<SchemaUpgrade>();
        while (Takes('~'))
        {
            upgrades.Add(Upgrade());
        }

        Expect(':');
        return new SchemaField(name, former, upgrades, Type());
    }

    private SchemaUpgrade Upgrade()
    {
        var from = new List<string>();
        while (!Takes('('))
        {
            if (from.Count > 0)
            {
                Expect(',');
            }

            from.Add(Word());
        }

        return new SchemaUpgrade(_upgrades++, from, Types(')'));
    }

    private SchemaType Type()
    {
        // Types of real programs are not nested this deeply. Unlimited nesting would overflow the stack and end the process.
        if (++_depth > MaxDepth)
        {
            throw new FormatException($"A schema has types in types to more than {MaxDepth} levels.");
        }

        var type = Bare();
        _depth--;
        return Takes('?') ? new SchemaType(SchemaKind.Nullable, "", [type], []) : type;
    }

    private SchemaType Bare()
    {
        if (Takes('('))
        {
            return new SchemaType(SchemaKind.Tuple, "", Types(')'), []);
        }

        var begin = _at;
        var word = Word();
        switch (word)
        {
            case "record":
                return Fields();
            case "list":
                return Collection(SchemaKind.List, 1);
            case "set":
                return Collection(SchemaKind.Set, 1);
            case "map":
                return Collection(SchemaKind.Map, 2);
            case "string":
                return new SchemaType(SchemaKind.Text, "", [], []);
            case "bytes":
                return new SchemaType(SchemaKind.Bytes, "", [], []);
            case "codec":
                SkipBrackets();
                return new SchemaType(SchemaKind.Opaque, text.Substring(begin, _at - begin), [], []);
            case "memorypack":
                Expect(':');
                SkipTypeName();
                return new SchemaType(SchemaKind.Opaque, text.Substring(begin, _at - begin), [], []);
            default:
                _at = SchemaType.IsScalar(word) ? _at : begin;
                return SchemaType.IsScalar(word) ? new SchemaType(SchemaKind.Scalar, word, [], []) : throw Wrong("a type");
        }
    }

    private SchemaType Collection(SchemaKind kind, int parts)
    {
        Expect('<');
        var types = Types('>');
        return types.Count == parts ? new SchemaType(kind, "", types, []) : throw Wrong(parts == 1 ? "one type" : "two types");
    }

    private List<SchemaType> Types(char end)
    {
        var types = new List<SchemaType>();
        do
        {
            types.Add(Type());
        }
        while (Takes(','));
        Expect(end);
        return types;
    }

    private string Word()
    {
        var begin = _at;
        while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] == '_' || char.GetUnicodeCategory(text[_at]) is
            System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark
            or System.Globalization.UnicodeCategory.ConnectorPunctuation or System.Globalization.UnicodeCategory.Format))
        {
            _at++;
        }

        return _at > begin ? text.Substring(begin, _at - begin) : throw Wrong("a name");
    }

    // Type names can contain type arguments, arrays and namespaces, but not the question mark that follows them.
    private void SkipTypeName()
    {
        do
        {
            Word();
            if (_at < text.Length && text[_at] == '<')
            {
                SkipBrackets();
            }

            while (Takes('['))
            {
                Expect(']');
            }
        }
        while (Takes('.') || Takes('@'));
    }

    private void SkipBrackets()
    {
        Expect('<');
        for (var depth = 1; depth > 0; _at++)
        {
            if (_at == text.Length)
            {
                throw Wrong("'>'");
            }

            depth += text[_at] == '<' ? 1 : text[_at] == '>' ? -1 : 0;
        }
    }

    private bool Takes(char character)
    {
        if (_at < text.Length && text[_at] == character)
        {
            _at++;
            return true;
        }

        return false;
    }

    private void Expect(char character)
    {
        if (!Takes(character))
        {
            throw Wrong($"'{character}'");
        }
    }

    private FormatException Wrong(string expected) => new($"'{text}' is no schema: expected {expected} at character {_at + 1}.");
}
