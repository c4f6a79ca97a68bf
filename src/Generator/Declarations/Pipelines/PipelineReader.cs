using Microsoft.CodeAnalysis;
using Penstock.Generator.Declarations.Rows;
using Penstock.Generator.Equality;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations;

/// <summary>Reads pipelines: converts symbols to values.</summary>
internal static class PipelineReader
{
    public static PipelineDeclaration? Read(INamedTypeSymbol type, Compilation compilation)
    {
        if (type.Attribute(KnownNames.Pipeline) is not { } attribute)
        {
            return null;
        }

        var members = type.WrittenMembers();
        var rows = members.OfType<IPropertySymbol>()
            .Where(IsStream)
            .GroupBy(static property => property.Name)
            .ToDictionary(static group => group.Key, static group => RowOf(group.First()));
        var streams = new List<StreamDeclaration>();
        var taken = new List<string>();
        foreach (var member in members)
        {
            if (member is IPropertySymbol { PartialDefinitionPart: null } property && IsStream(property))
            {
                streams.Add(ReadStream(property, rows, compilation));
            }
            else if (!member.IsImplicitlyDeclared && member is not IMethodSymbol { AssociatedSymbol: not null })
            {
                taken.Add(member.Name);
            }
        }

        return new PipelineDeclaration(
            ClassReader.Read(type),
            attribute.Text("Name") ?? type.Name,
            streams.ToEquatableArray(),
            taken.Distinct().ToEquatableArray(),
            members.FirstOrDefault(MisplacedAttributes.IsOperatorMember)?.Name,
            type.Attributes(KnownNames.RemovedState).Select(static removed => removed.Text("id") ?? "").ToEquatableArray())
        {
            Parallelism = attribute.Scalar<int>("Parallelism"),
            MaxDrift = attribute.OptionalText("MaxDrift"),
            IsDeterministic = attribute.Scalar<bool>("Deterministic") == true,
            Watermarks = WatermarkReader.Read(members),
        };
    }

    private static bool IsStream(IPropertySymbol property) =>
        MisplacedAttributes.IsStreamMember(property) || property.Type.IsPenstock(KnownNames.Stream);

    private static ITypeSymbol? RowOf(IPropertySymbol property) =>
        property.Type is INamedTypeSymbol { TypeArguments: [var row] } type && type.IsPenstock(KnownNames.Stream) ? row : null;

    private static StreamDeclaration ReadStream(IPropertySymbol property, Dictionary<string, ITypeSymbol?> rows, Compilation compilation)
    {
        var row = RowOf(property);
        var producers = property.Producers()
            .Select(attribute => ReadProducer(attribute, row, property, compilation) with { Written = Written(attribute) })
            .ToEquatableArray();
        var applied = property.GetAttributes().FirstOrDefault(static attribute =>
            attribute.AttributeClass.IsPenstock(KnownNames.Apply)
                || attribute.AttributeClass.StreamKindOf() is { Partitioning: Partitioning.Hash });
        var inputs = (producers.FirstOrDefault()?.Inputs ?? EquatableArray<string>.Empty)
            .Select(name => rows.TryGetValue(name, out var found) ? found : null)
            .DefaultIfEmpty()
            .ToList();
        return new StreamDeclaration(
            property.Name,
            PropertySyntax.Accessibility(property),
            property.Type is IErrorTypeSymbol ? TypeName.None : TypeReader.Read(property.Type).Declared,
            PropertySyntax.IsPartial(property),
            FindProblem(property),
            row == null ? null : TypeReader.Read(row),
            producers,
            property.Attribute(KnownNames.EventTime) is { } time ? ReadTime(time, row, property, compilation) : null,
            property.Attribute(KnownNames.KeyBy) is { } key
                ? inputs.Select(input => KeyReader.Read(key, input, compilation, property.ContainingType)).ToEquatableArray()
                : EquatableArray<KeyDeclaration>.Empty,
            OwnKeys(producers, inputs[0], compilation, property.ContainingType)
                .Select((own, i) => KeyReader.Read(own, inputs.ElementAtOrDefault(i), compilation, property.ContainingType))
                .ToEquatableArray(),
            property.AttributesDerivedFrom(KnownNames.Sink)
                .Select(attribute => ReadSink(attribute, row, property, compilation))
                .ToEquatableArray(),
            PropertySyntax.SecondPart(property))
        {
            RowValue = row == null ? null : new StateValueReader(compilation.Assembly).Read(row),
            Parallelism = property.Attribute(KnownNames.Parallelism)?.Scalar<int>("subtasks"),
            Order = applied?.AttributeClass.StreamKindOf() is KeyedStreamKind { OrderParameter: { } parameter }
                && applied.OptionalText(parameter) is { } member
                    ? KeyReader.Read([member], inputs[0], compilation, property.ContainingType)
                    : null,
            HasIngestionTime = property.Attribute(KnownNames.IngestionTime) != null,
        };
    }

    // The members of the key of each input, if the stream does not name them.
    private static IEnumerable<IReadOnlyList<string>> OwnKeys(
        EquatableArray<ProducerDeclaration> producers,
        ITypeSymbol? input,
        Compilation compilation,
        ISymbol within) => producers.FirstOrDefault() switch
        {
            ApplyDeclaration { Operator.Keys: var own } =>
                own.Select(static key => (IReadOnlyList<string>)[.. key.Members.Select(static member => member.Name)]),
            StreamOperatorDeclaration { Kind: KeyedStreamKind { KeyCanBeRow: true } } when input != null =>
                [[.. RowShape.Of(input, compilation, within).Columns.Select(static column => column.Member.Name)]],
            _ => [],
        };

    private static ProducerDeclaration ReadProducer(
        AttributeData attribute,
        ITypeSymbol? row,
        IPropertySymbol property,
        Compilation compilation)
    {
        var type = attribute.AttributeClass!;
        var id = attribute.OptionalText("Id");
        if (type.IsPenstock(KnownNames.Apply))
        {
            var applied = type.TypeArguments.FirstOrDefault() as INamedTypeSymbol;
            return new ApplyDeclaration(
                id,
                attribute.Texts(ClassKind.Parameter).ToEquatableArray(),
                applied == null ? null : TypeReader.Read(applied),
                applied is null or IErrorTypeSymbol ? null : OperatorReader.Read(applied, compilation))
            {
                Preferred = attribute.OptionalText(ClassKind.PreferredParameter),
            };
        }

        if (type.IsPenstock(KnownNames.SideOutput))
        {
            return new SideOutputDeclaration(id, attribute.Text("stream"), attribute.Text("output"));
        }

        if (type.StreamKindOf() is { } kind)
        {
            var options = kind.Options.Where(attribute.IsGiven).Select(option => new WrittenValue(option, attribute.ConstantText(option)));
            return new StreamOperatorDeclaration(
                id,
                kind,
                attribute.Texts(kind.Parameter).ToEquatableArray(),
                new WrittenAttribute(kind.Attribute, options.ToEquatableArray()))
            {
                Preferred = kind.PreferredParameter is { } preferred ? attribute.OptionalText(preferred) : null,
            };
        }

        return new SourceDeclaration(id, ConnectorReader.Read(attribute, "ISource", row, property, compilation));
    }

    private static SinkDeclaration ReadSink(AttributeData attribute, ITypeSymbol? row, IPropertySymbol property, Compilation compilation) =>
        new(attribute.OptionalText("Id"), ConnectorReader.Read(attribute, "ISink", row, property, compilation))
        {
            Written = Written(attribute),
        };

    private static string Written(AttributeData attribute) => attribute.ApplicationSyntaxReference?.GetSyntax().ToString() is { } text
        ? $"[{string.Join(" ", text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries))}]"
        : "";

    private static EventTimeDeclaration ReadTime(
        AttributeData attribute,
        ITypeSymbol? row,
        IPropertySymbol property,
        Compilation compilation)
    {
        var name = attribute.Text("member");
        var type = name == null ? null : row?.ReadableMember(name, compilation, property.ContainingType).TypeOfMember();
        var instant = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var value] }
            ? value
            : type;
        var isNumber = instant is { SpecialType: SpecialType.System_Int64 or SpecialType.System_Int32 };
        return new EventTimeDeclaration(
            name,
            type?.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat),
            isNumber
                || instant is { SpecialType: SpecialType.System_DateTime }
                || instant != null && ValueReader.Scalar(instant) == ValueKind.DateTimeOffset,
            attribute.OptionalText("MaxDelay"),
            attribute.OptionalText("Idle"),
            type != null || row == null ? EquatableArray<string>.Empty : KeyReader.Names(row, compilation, property.ContainingType))
        {
            IsNumber = isNumber,
            HasUnit = attribute.IsGiven("Unit"),
            Unit = TimeUnits.Read(attribute),
            IsNullable = !SymbolEqualityComparer.Default.Equals(instant, type),
            OnNull = attribute.IsGiven("OnNull") ? (NullTimeHandling)(attribute.Scalar<int>("OnNull") ?? 0) : null,
        };
    }

    private static string? FindProblem(IPropertySymbol property) =>
        property.IsStatic ? "it is static"
        : property.IsIndexer ? "it is an indexer"
        : property.SetMethod != null ? "it has a setter"
        : property.RefKind != Microsoft.CodeAnalysis.RefKind.None ? "it returns by reference"
        : AccessibilityCheck.IsLessAccessible(property) ? AccessibilityCheck.Problem
        : PropertySyntax.HasBody(property) ? "it has a body of its own"
        : PropertySyntax.OtherModifier(property) is { } modifier ? $"it is '{modifier}'"
        : null;
}
