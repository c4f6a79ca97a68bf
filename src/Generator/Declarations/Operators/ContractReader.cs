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
            attribute?.Strings("Key") is { } key && model != null
                ? new KeyDeclaration(key.Select(name => KeyMember(name, contract!, model)).ToEquatableArray())
                : null,
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
        if (OperatorKinds.Named(attribute.Text("kind")) is not { } kind
            || Method(contract, kind.Main.Name) is not { Parameters: [_, var row, ..] }
            || Method(contract, kind.Last.Name) is not { } last
            || OutputOf(kind.Last, last, row.Type) is not { } output)
        {
            return null;
        }

        var values = kind.Attribute?.ValuesOf(property => attribute.Scalar<long>(property))
            ?? kind.Main.Options?.ValuesOf(property => attribute.Scalar<long>(property));
        if ((kind.Attribute != null || kind.Main.Options != null) && values == null)
        {
            return null;
        }

        var fire = kind.Methods.Where(static form => form.TakesKey).Select(form => Method(contract, form.Name)).FirstOrDefault();
        var reads = attribute.Strings("Reads") is { } paths ? RowReads.FromPaths(paths) : RowReads.Everything;
        return new OperatorModel(
            TypeReader.Name(type),
            type.Name,
            kind,
            TypeReader.Read(row.Type),
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
            reads,
            (attribute.Strings("States") ?? []).Select(StateModel.Parse).ToEquatableArray())
        {
            Origins = attribute.Strings("Origins") is { } origins ? RowOrigins.Parse(origins) : null,
            IsDisposable = type.IsDisposable(),
            AcceptsUpdates = attribute.Scalar<bool>("AcceptsUpdates") == true,
            ReturnsNull = attribute.Scalar<bool>("ReturnsNull") == true,
            WithContext = kind.Methods.Where(form => TakesContext(contract, form)).ToEquatableArray(),
            SideOutputs = (attribute.Strings("SideOutputs") ?? []).Zip(
                OutputsOf(Method(contract, kind.Main.Name)!).Skip(1),
                static (name, row) => new SideOutputModel(name, TypeReader.Read(row))).ToEquatableArray(),
            Carries = kind.Main.MakesRowOfRow ? TransitiveMembers.Of(reads, row.Type) : RowReads.Everything,
        };
    }

    // A contract of version 1 takes a context even if the method of the class does not.
    private static bool TakesContext(INamedTypeSymbol contract, MethodForm form) =>
        Method(contract, form.Name)?.Parameters.Any(static parameter => parameter.Type.IsPenstock(KnownNames.Context)) == true;

    private static TypeRef? OutputOf(MethodForm form, IMethodSymbol method, ITypeSymbol input) =>
        form.IsAwaited ? AwaitedReader.Read(method.ReturnType)?.Row
        : form.Emits ? OutputsOf(method).Select(TypeReader.Read).FirstOrDefault()
        : TypeReader.Read(form.Result == MethodResult.Row ? method.ReturnType : input);

    private static IEnumerable<ITypeSymbol> OutputsOf(IMethodSymbol method) =>
        method.Parameters
            .Where(static parameter => parameter.Type.IsPenstock(KnownNames.Output))
            .Select(static parameter => ((INamedTypeSymbol)parameter.Type).TypeArguments[0]);

    private static KeyMemberDeclaration KeyMember(string name, INamedTypeSymbol contract, OperatorModel model)
    {
        var method = Method(contract, model.Kind.Main.Name);
        var member = method?.Parameters[1].Type.GetMembers(name).FirstOrDefault(static member => !member.IsStatic);
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
