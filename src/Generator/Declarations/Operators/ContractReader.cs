using Microsoft.CodeAnalysis;
using Penstock.Generator.Equality;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations;

/// <summary>Reads an operator of another assembly from its generated contract.</summary>
internal static class ContractReader
{
    public static OperatorDeclaration Read(INamedTypeSymbol type)
    {
        var contract = type.GetTypeMembers(KnownNames.Contract).FirstOrDefault();
        var attribute = contract?.Attribute(KnownNames.GeneratedOperator);
        var version = attribute?.Scalar<int>("version") ?? 0;
        var model = version is 0 or > KnownNames.ContractVersion ? null : ReadModel(type, contract!, attribute!);
        return new OperatorDeclaration(
            ClassReader.Read(type),
            model == null && version <= KnownNames.ContractVersion ? 0 : version,
            EquatableArray<MethodDeclaration>.Empty,
            model == null ? EquatableArray<KeyDeclaration>.Empty : ReadKeys(contract!, attribute!, model.Kind),
            EquatableArray<WrittenAttribute>.Empty,
            EquatableArray<StateDeclaration>.Empty,
            EquatableArray<UpgradeDeclaration>.Empty,
            null,
            null,
            new CreationDeclaration(EquatableArray<ServiceModel>.Empty, CreationProblem.None, "", -1))
        {
            Referenced = model,
        };
    }

    private static OperatorModel? ReadModel(INamedTypeSymbol type, INamedTypeSymbol contract, AttributeData attribute)
    {
        if (OperatorKinds.Named(attribute.Text("kind")) is not { } kind)
        {
            return null;
        }

        if (kind.Main.TakesPair)
        {
            return ReadJoin(type, contract, attribute, kind);
        }

        if (MainsOf(contract, kind) is not [{ Parameters: [_, var row, ..] } main, ..] mains
            || (kind.Last == kind.Main ? main : Method(contract, kind.Last.Name)) is not { } last
            || OutputOf(kind.Last, last, row.Type) is not { } output)
        {
            return null;
        }

        var inputs = mains.ConvertAll(method => InputOf(method, DescriptionOf(method, attribute)));
        var values = kind.Attribute?.ValuesOf(property => attribute.Scalar<long>(property))
            ?? kind.Main.Options?.ValuesOf(property => attribute.Scalar<long>(property));
        if ((kind.Attribute != null || kind.Main.Options != null) && values == null)
        {
            return null;
        }

        var fire = kind.Methods.Where(static form => form.TakesKey).Select(form => Method(contract, form.Name)).FirstOrDefault();
        return new OperatorModel(
            TypeReader.Name(type),
            type.Name,
            kind,
            inputs.ToEquatableArray(),
            output,
            values,
            fire?.Parameters is [_, { Type: INamedTypeSymbol { TypeArguments: [var key] } }, ..] ? TypeReader.Name(key) : null,
            contract.GetTypeMembers("State").Any(),
            contract.GetTypeMembers("KeyState").Any(),
            Method(contract, "Open") != null,
            attribute.Scalar<bool>("HasTtl") == true
                ? new TtlModel(
                    attribute.Scalar<long>("MinTtl") ?? 0,
                    attribute.Text("EventTimeState"),
                    Method(contract, "Attach") != null)
                : null,
            (attribute.Strings("States") ?? []).Select(StateModel.Parse).ToEquatableArray())
        {
            Origins = attribute.Strings("Origins") is { } origins ? RowOrigins.Parse(origins) : null,
            IsDisposable = type.IsDisposable(),
            LastTakesContext = TakesContext(last),
            ReturnsNull = attribute.Scalar<bool>("ReturnsNull") == true,
            SideOutputs = (attribute.Strings("SideOutputs") ?? []).Zip(
                OutputsOf(main).Skip(1),
                static (name, row) => new SideOutputModel(name, TypeReader.Read(row))).ToEquatableArray(),
            Carries = kind.Main.MakesRowOfRow ? TransitiveMembers.Of(inputs[0].Reads, row.Type) : RowReads.Everything,
        };
    }

    private static OperatorModel? ReadJoin(INamedTypeSymbol type, INamedTypeSymbol contract, AttributeData attribute, ClassKind kind)
    {
        var alone = new[] { 0, 1 }.Select(input => Method(contract, JoinMethods.UnmatchedOf(input))).ToList();
        if (Method(contract, kind.Main.Name) is not { Parameters.Length: 3 } match
            || kind.Attribute!.ValuesOf(property => attribute.Scalar<long>(property)) is not { } values
            || (match.ReturnsVoid ? alone.Find(static method => method != null)?.ReturnType : match.ReturnType) is not { } output)
        {
            return null;
        }

        return new OperatorModel(
            TypeReader.Name(type),
            type.Name,
            kind,
            match.Parameters.Skip(1)
                .Select(static side => new InputModel(TypeReader.Read(side.Type), RowReads.Everything))
                .ToEquatableArray(),
            TypeReader.Read(output),
            values,
            null,
            HasState: false,
            HasKeyState: false,
            HasCollections: false,
            null,
            EquatableArray<StateModel>.Empty)
        {
            IsDisposable = type.IsDisposable(),
            Join = new JoinResults(!match.ReturnsVoid, alone[0] != null, alone[1] != null),
        };
    }

    // A contract of version 1 takes a context even if the method of the class does not.
    private static bool TakesContext(IMethodSymbol method) =>
        method.Parameters.Any(static parameter => parameter.Type.IsPenstock(KnownNames.Context));

    private static InputModel InputOf(IMethodSymbol method, AttributeData description) => new(
        TypeReader.Read(method.Parameters[1].Type),
        description.Strings("Reads") is { } paths ? RowReads.FromPaths(paths) : RowReads.Everything)
    {
        AcceptsUpdates = description.Scalar<bool>("AcceptsUpdates") == true,
        TakesContext = TakesContext(method),
    };

    // One method or, if there are several inputs, a numbered method for each.
    private static List<IMethodSymbol> MainsOf(INamedTypeSymbol contract, ClassKind kind)
    {
        if (Method(contract, kind.Main.Name) is { } only)
        {
            return [only];
        }

        var mains = new List<IMethodSymbol>();
        while (Method(contract, OperatorModel.NameOfInput(kind, mains.Count)) is { } next)
        {
            mains.Add(next);
        }

        return mains;
    }

    // With several inputs, each method has a description of its own.
    private static AttributeData DescriptionOf(IMethodSymbol method, AttributeData whole) =>
        method.Attribute(KnownNames.GeneratedInput) ?? whole;

    private static TypeRef? OutputOf(MethodForm form, IMethodSymbol method, ITypeSymbol input) =>
        form.IsAwaited ? AwaitedReader.Read(method.ReturnType)?.Row
        : form.Emits ? OutputsOf(method).Select(TypeReader.Read).FirstOrDefault()
        : TypeReader.Read(form.Result == MethodResult.Row ? method.ReturnType : input);

    private static IEnumerable<ITypeSymbol> OutputsOf(IMethodSymbol method) =>
        method.Parameters
            .Where(static parameter => parameter.Type.IsPenstock(KnownNames.Output))
            .Select(static parameter => ((INamedTypeSymbol)parameter.Type).TypeArguments[0]);

    private static EquatableArray<KeyDeclaration> ReadKeys(INamedTypeSymbol contract, AttributeData attribute, ClassKind kind)
    {
        var inputs = kind.Main.TakesPair
            ? Method(contract, kind.Main.Name)!.Parameters.Skip(1)
                .Select(static side => (side.Type, Attribute: side.Attribute(KnownNames.GeneratedInput)))
            : MainsOf(contract, kind)
                .Select(method => (method.Parameters[1].Type, Attribute: (AttributeData?)DescriptionOf(method, attribute)));
        var keys = inputs
            .Select(static input => (Row: input.Type, Names: input.Attribute?.Strings("Key")))
            .ToList();
        return keys.Exists(static key => key.Names == null)
            ? EquatableArray<KeyDeclaration>.Empty
            : keys.Select(static key => new KeyDeclaration(key.Names!.Select(name => KeyMember(name, key.Row)).ToEquatableArray()))
                .ToEquatableArray();
    }

    private static KeyMemberDeclaration KeyMember(string name, ITypeSymbol row)
    {
        var member = row.GetMembers(name).FirstOrDefault(static member => !member.IsStatic);
        return new KeyMemberDeclaration(
            name,
            member.TypeOfMember() is { } type ? ValueReader.Read(type) : null,
            EquatableArray<string>.Empty,
            KeyReader.IsNullable(member.TypeOfMember()),
            member != null && RowMembers.IsComputed(member));
    }

    private static IMethodSymbol? Method(INamedTypeSymbol contract, string name) =>
        contract.GetMembers(name).OfType<IMethodSymbol>().FirstOrDefault();

    private static IEnumerable<string>? Strings(this AttributeData attribute, string name)
    {
        foreach (var named in attribute.NamedArguments)
        {
            if (named.Key == name && named.Value is { Kind: TypedConstantKind.Array, IsNull: false } array)
            {
                return array.Values.Select(static value => value.Value as string ?? "");
            }
        }

        return null;
    }
}
